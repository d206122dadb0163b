// The vendor's published client (npm alphapoint-apex-api) against `simulate`: log in, list, cancel one, read it until it moves.
// Usage: node vendor.mjs URL (password USER PASSWORD | api-key KEY SECRET USER-ID)

import { createHmac } from 'node:crypto';
import { createRequire } from 'node:module';

console.log = () => {}; // the client logs every frame
const { APEX } = createRequire(`${process.cwd()}/`)('alphapoint-apex-api');
const [url, way, ...secrets] = process.argv.slice(2);
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

function need(condition, what) {
  if (!condition) throw new Error(what);
}

function credentials() {
  if (way === 'password') return { UserName: secrets[0], Password: secrets[1] };
  const [APIKey, secret, UserId] = secrets;
  const Nonce = String(Date.now());
  const Signature = createHmac('sha256', secret).update(Nonce + UserId + APIKey).digest('hex');
  return { APIKey, Signature, UserId, Nonce };
}

async function main() {
  let apex;
  await new Promise((opened) => { apex = new APEX(url, { onopen: opened }); });
  const login = await apex.AuthenticateUser(credentials());
  need(login.Authenticated === true, `login: ${JSON.stringify(login)}`);
  const { OMSId, OperatorId } = await apex.GetUserInfo({});
  const tickets = await apex.GetAllWithdrawTickets({ OMSId, OperatorId, StartIndex: 0, Limit: 400 });
  const failed = tickets.filter((ticket) => ticket.Status === 'Failed');
  need(tickets.length === 400 && failed.length > 40, `${tickets.length} tickets, ${failed.length} failed`);
  const { TicketNumber, AccountId, RequestCode } = failed[way === 'password' ? 0 : 1];
  const envelope = await apex.CancelFailedWithdrawTicket({ omsId: OMSId, ticketId: TicketNumber });
  need(envelope.result === true && envelope.errorcode === 0, `cancel: ${JSON.stringify(envelope)}`);
  for (let tries = 0; ; tries += 1) {
    const read = await apex.GetWithdrawTicket({ OMSId, AccountId, RequestCode });
    need(read.TicketNumber === TicketNumber, `another ticket: ${read.TicketNumber}`);
    if (read.Status === 'AdminCanceled') break;
    need(tries < 50, `still ${read.Status}`);
    await pause(200);
  }
  process.stdout.write(`vendor client, ${way}: ticket ${TicketNumber} listed and canceled\n`);
}

const late = setTimeout(() => { process.stderr.write('vendor client: no end in 60 s\n'); process.exit(1); }, 60_000);
main().then(() => process.exit(0), (error) => { clearTimeout(late); process.stderr.write(`vendor client: ${error.message}\n`); process.exit(1); });
