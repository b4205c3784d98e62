//! Addresses and transaction ids that look right and carry right checksums, drawn from the dice: nobody holds their keys.

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::dice::Dice;

/// An address on `network`; an unknown network gets the form of Ethereum.
pub(super) fn address(network: &str, dice: &mut Dice) -> String {
    let bytes = dice.bytes();
    let (twenty, _) = bytes.split_at(20);
    match network {
        "bitcoin" => segwit(twenty),
        "tron" => base58check(0x41, twenty),
        "solana" => base58(&bytes),
        _ => format!("0x{}", HEXLOWER.encode(twenty)),
    }
}

/// A transaction id as explorers of `network` print it.
pub(super) fn txid(network: &str, dice: &mut Dice) -> String {
    let bytes = dice.bytes();
    match network {
        "ethereum" => format!("0x{}", HEXLOWER.encode(&bytes)),
        "solana" => base58(&[bytes, dice.bytes()].concat()),
        _ => HEXLOWER.encode(&bytes),
    }
}

/// A version 0 witness address, BIP 173.
fn segwit(program: &[u8]) -> String {
    const CHARSET: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    let mut data = vec![0_u8];
    data.extend(five_bits(program));
    let mut all = vec![3, 3, 0, 2, 3]; // the human-readable part "bc", expanded
    all.extend(&data);
    all.extend([0; 6]);
    let check = polymod(&all) ^ 1;
    data.extend((0..6).map(|i| ((check >> (5 * (5 - i))) & 31) as u8));
    let letters = data.iter().filter_map(|five| CHARSET.get(usize::from(*five)));
    format!("bc1{}", letters.map(|letter| char::from(*letter)).collect::<String>())
}

fn five_bits(bytes: &[u8]) -> Vec<u8> {
    let (mut out, mut held, mut bits) = (Vec::new(), 0_u32, 0);
    for byte in bytes {
        held = (held << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            out.push(((held >> bits) & 31) as u8);
        }
    }
    out
}

fn polymod(values: &[u8]) -> u32 {
    const GENERATOR: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];
    values.iter().fold(1, |sum, value| {
        let top = sum >> 25;
        let next = ((sum & 0x01ff_ffff) << 5) ^ u32::from(*value);
        GENERATOR
            .iter()
            .enumerate()
            .fold(next, |sum, (bit, g)| if (top >> bit) & 1 == 1 { sum ^ g } else { sum })
    })
}

fn base58check(version: u8, payload: &[u8]) -> String {
    let mut bytes = vec![version];
    bytes.extend(payload);
    let check = Sha256::digest(Sha256::digest(&bytes));
    bytes.extend(check.iter().take(4));
    base58(&bytes)
}

fn base58(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    let mut digits: Vec<u32> = Vec::new();
    for byte in bytes {
        let mut carry = u32::from(*byte);
        for digit in &mut digits {
            carry += *digit << 8;
            *digit = carry % 58;
            carry /= 58;
        }
        while carry > 0 {
            digits.push(carry % 58);
            carry /= 58;
        }
    }
    let zeros = bytes.iter().take_while(|byte| **byte == 0).map(|_| '1');
    let letters = digits.iter().rev().filter_map(|digit| ALPHABET.get(*digit as usize));
    zeros.chain(letters.map(|letter| char::from(*letter))).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn checksums_match_published_vectors() {
        // BIP 173, and the zero address of TRON.
        let program = HEXLOWER.decode(b"751e76e8199196d454941c45d1b3a323f1433bd6").unwrap();
        assert_eq!(segwit(&program), "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4");
        assert_eq!(base58check(0x41, &[0; 20]), "T9yD14Nj9j7xAB4dbGeiX9h8unkKHxuWwb");
    }
}
