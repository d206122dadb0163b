//! The bytes of a WebSocket taken apart, as somebody on the way sees them: first the head of the handshake, then frames.

/// One whole thing on the wire: losing the link anywhere but between two of them loses one in its middle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// As it goes over the wire.
    pub bytes: Vec<u8>,
    /// The text of a text frame, unmasked.
    pub text: Option<String>,
}

/// Bytes of one direction that came in so far.
#[derive(Debug, Default)]
pub struct Parser {
    bytes: Vec<u8>,
    is_past_head: bool,
}

const TEXT: u8 = 1;
const MASKED: u8 = 0x80;

impl Parser {
    pub fn take(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// The next whole unit.
    pub fn next(&mut self) -> Option<Unit> {
        let (length, text) = if self.is_past_head { self.frame()? } else { (self.head()?, None) };
        self.is_past_head = true;
        let rest = self.bytes.split_off(length);
        Some(Unit { bytes: std::mem::replace(&mut self.bytes, rest), text })
    }

    fn head(&self) -> Option<usize> {
        self.bytes.windows(4).position(|bytes| bytes == b"\r\n\r\n").map(|at| at + 4)
    }

    /// The first frame's length, and its text (RFC 6455, 5.2).
    fn frame(&self) -> Option<(usize, Option<String>)> {
        let bytes = &self.bytes;
        let (first, second) = (*bytes.first()?, *bytes.get(1)?);
        let (length, at) = match second & !MASKED {
            126 => (u64::from(u16::from_be_bytes(bytes.get(2..4)?.try_into().unwrap())), 4),
            127 => (u64::from_be_bytes(bytes.get(2..10)?.try_into().unwrap()), 10),
            short => (u64::from(short), 2),
        };
        let length = usize::try_from(length).unwrap();
        let (mask, at) =
            if second & MASKED == 0 { ([0; 4], at) } else { (bytes.get(at..at + 4)?.try_into().unwrap(), at + 4) };
        let payload = bytes.get(at..at + length)?;
        let text = (first & 0x0f == TEXT).then(|| {
            let plain = payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask).collect();
            String::from_utf8(plain).unwrap()
        });
        Some((at + length, text))
    }
}

/// A text frame as a server sends it.
pub fn text_frame(text: &str) -> Vec<u8> {
    let mut bytes = vec![0x80 | TEXT];
    match text.len() {
        length @ 0..126 => bytes.push(u8::try_from(length).unwrap()),
        length @ 126..65_536 => {
            bytes.push(126);
            bytes.extend(u16::try_from(length).unwrap().to_be_bytes());
        }
        length => {
            bytes.push(127);
            bytes.extend(u64::try_from(length).unwrap().to_be_bytes());
        }
    }
    bytes.extend(text.as_bytes());
    bytes
}
