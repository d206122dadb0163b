"""A public Python client (PyPI notbank) against `simulate`: log in, list, cancel one, read it until it moves.

Usage: notbank.py URL API-KEY API-SECRET USER-ID. The client builds wss:// URLs only, so its one URL builder is replaced.
"""

import os
import sys
import time

from notbank_python_sdk.client_connection_factory import new_websocket_client_connection
from notbank_python_sdk.core.endpoint_category import EndpointCategory
from notbank_python_sdk.notbank_client import NotbankClient
from notbank_python_sdk.requests_models.authenticate_request import AuthenticateRequest
from notbank_python_sdk.websocket.websocket_manager import WebsocketManager


def main(url, key, secret, user_id):
    WebsocketManager._build_url = lambda self, host: host
    connection = new_websocket_client_connection(url, request_timeout=10)
    connection.connect()

    def call(name, request):
        return connection.request(name, EndpointCategory.AP, request, lambda reply: reply)

    client = NotbankClient(connection)
    assert client.authenticate(AuthenticateRequest(key, secret, user_id)).authenticated
    client.ping()
    info = call("GetUserInfo", {})
    oms, operator = info["OMSId"], info["OperatorId"]
    tickets = call("GetAllWithdrawTickets", {"OMSId": oms, "OperatorId": operator, "StartIndex": 0, "Limit": 400})
    failed = [ticket for ticket in tickets if ticket["Status"] == "Failed"]
    assert len(tickets) == 400 and len(failed) > 40, (len(tickets), len(failed))
    ticket = failed[2]
    envelope = call("CancelFailedWithdrawTicket", {"OMSId": oms, "TicketId": ticket["TicketNumber"]})
    assert envelope["result"] is True and envelope["errorcode"] == 0, envelope
    key = {"OMSId": oms, "AccountId": ticket["AccountId"], "RequestCode": ticket["RequestCode"]}
    deadline = time.monotonic() + 30
    while (read := call("GetWithdrawTicket", key))["Status"] != "AdminCanceled":
        assert read["TicketNumber"] == ticket["TicketNumber"], read
        assert time.monotonic() < deadline, read["Status"]
        time.sleep(0.2)
    print(f"notbank client, api key: ticket {ticket['TicketNumber']} listed and canceled", flush=True)


try:
    main(*sys.argv[1:])
except BaseException as error:  # its threads are no daemons: without os._exit a failure would hang
    print(f"notbank client: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
    os._exit(1)
os._exit(0)
