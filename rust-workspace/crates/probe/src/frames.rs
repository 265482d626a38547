//! Text in, lines out that only the holder of a key can have written.
//!
//! A frame is a line `@probe NUMBER TAG TEXT`. NUMBER counts from 0; TAG is the HMAC-SHA-256 of
//! `NUMBER TEXT` under a key that the harness makes for each launch and gives on standard input,
//! where the probe reads it before anything else runs. What a snippet prints is output. A line
//! that begins like a frame and has another tag, or a number out of order, shows that somebody
//! tried.

use std::io::{self, Read, Write};

use hmac::{Hmac, Mac};
use sha2::Sha256;

pub(crate) const MARK: &str = "@probe";

/// Writes frames to one place.
pub(crate) struct Frames<W> {
    key: [u8; 32],
    written: u64,
    out: W,
}

impl<W: Write> Frames<W> {
    pub(crate) fn new(key: [u8; 32], out: W) -> Self {
        Self {
            key,
            written: 0,
            out,
        }
    }

    /// Writes one frame in one piece; a line that a snippet left open is ended first.
    pub(crate) fn write(&mut self, text: &str) -> io::Result<()> {
        let line = self.line(text);
        self.written += 1;
        self.out.write_all(line.as_bytes())?;
        self.out.flush()
    }

    fn line(&self, text: &str) -> String {
        let number = self.written;
        let mut tag = Hmac::<Sha256>::new_from_slice(&self.key).expect("any length is a key");
        tag.update(format!("{number} {text}").as_bytes());
        let tag: String = tag
            .finalize()
            .into_bytes()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        format!("\n{MARK} {number} {tag} {text}\n")
    }

    #[cfg(test)]
    pub(crate) fn into_inner(self) -> W {
        self.out
    }
}

/// The key of 64 hexadecimal digits that a reader gives, to its end.
pub(crate) fn read_key(mut from: impl Read) -> io::Result<[u8; 32]> {
    let mut text = String::new();
    from.read_to_string(&mut text)?;
    let mut key = [0; 32];
    let text = text.trim();
    if text.len() != 64 || !text.is_ascii() {
        return Err(io::Error::other(
            "no key on standard input: the harness starts this program",
        ));
    }
    for (place, byte) in key.iter_mut().enumerate() {
        *byte =
            u8::from_str_radix(&text[place * 2..place * 2 + 2], 16).map_err(io::Error::other)?;
    }
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_the_one_that_the_harness_expects() {
        let mut frames = Frames::new([7; 32], Vec::new());
        frames.write("{\"a\":1}").unwrap();
        let text = String::from_utf8(frames.into_inner()).unwrap();
        // The tag is Python's hmac.new(bytes([7]) * 32, b'0 {"a":1}', "sha256").hexdigest().
        let tag = "d581f5344ed3c34f0eb3951b4073b6255eb5131ec91069ab6cfd8431b1cb22cf";
        assert_eq!(text, format!("\n@probe 0 {tag} {{\"a\":1}}\n"));
    }

    #[test]
    fn another_key_or_number_gives_another_tag() {
        let one = Frames::new([7; 32], Vec::new()).line("x");
        assert_ne!(one, Frames::new([8; 32], Vec::new()).line("x"));
        let mut later = Frames::new([7; 32], Vec::new());
        later.written = 1;
        assert_ne!(one, later.line("x").replace("@probe 1", "@probe 0"));
    }

    #[test]
    fn a_key_is_64_hexadecimal_digits() {
        let text = "0a".repeat(32);
        assert_eq!(read_key(format!("{text}\n").as_bytes()).unwrap(), [10; 32]);
        for wrong in ["", "0a", &"zz".repeat(32), &"é".repeat(32)] {
            assert!(read_key(wrong.as_bytes()).is_err(), "{wrong}");
        }
    }
}
