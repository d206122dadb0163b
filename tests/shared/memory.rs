//! A journal's medium in memory: what was synced survives a crash, what was only written may not, and it fails when told.

use withdraw_desk::journal::store::Medium;

/// A fault of the medium, made once each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// The disk takes only so many bytes of the next write.
    Full(usize),
    /// The next sync fails, and what was written since the last one is not durable.
    NoSync,
}

#[derive(Clone, Debug, Default)]
pub struct Memory {
    pub bytes: Vec<u8>,
    /// So many of them survive a crash for certain.
    pub durable: usize,
    pub fault: Option<Fault>,
    pub aside: Vec<Vec<u8>>,
}

impl Memory {
    /// Power is lost: of what was not synced, `kept` bytes reached the disk.
    pub fn crash(&mut self, kept: usize) {
        self.bytes.truncate((self.durable + kept).min(self.bytes.len()));
        self.durable = self.bytes.len();
        self.fault = None;
    }
}

impl Medium for Memory {
    fn read_from(&mut self, offset: u64) -> Result<Vec<u8>, String> {
        Ok(self.bytes[usize::try_from(offset).unwrap()..].to_vec())
    }

    fn append(&mut self, bytes: &[u8]) -> Result<(), String> {
        if let Some(Fault::Full(room)) = self.fault {
            self.fault = None;
            self.bytes.extend_from_slice(&bytes[..room.min(bytes.len())]);
            return Err("no space left on device".to_owned());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    fn sync(&mut self) -> Result<(), String> {
        if self.fault == Some(Fault::NoSync) {
            self.fault = None;
            return Err("input/output error".to_owned());
        }
        self.durable = self.bytes.len();
        Ok(())
    }

    fn cut(&mut self, length: u64) -> Result<(), String> {
        self.bytes.truncate(usize::try_from(length).unwrap());
        self.durable = self.durable.min(self.bytes.len());
        Ok(())
    }

    fn keep_aside(&mut self, bytes: &[u8]) -> Result<String, String> {
        self.aside.push(bytes.to_vec());
        Ok(format!("journal.jsonl.torn-{}", self.aside.len()))
    }
}
