//! Why an uploaded file is not taken.

use readmit_core::picture::Unfit;

/// Why a file is not taken. Each has its own sentence, `refusal-{code}`, beside the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    TooBig,
    /// More files today than a case or an account may send.
    TooMany,
    /// More bytes today than a case or an account may send.
    TooMuch,
    Unfit(Unfit),
}

impl Fault {
    pub fn all() -> impl Iterator<Item = Self> {
        let unfit = Unfit::ALL.into_iter().map(Self::Unfit);
        [Self::TooBig, Self::TooMany, Self::TooMuch].into_iter().chain(unfit)
    }

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooBig => "file_too_big",
            Self::TooMany => "file_too_many",
            Self::TooMuch => "file_too_much",
            Self::Unfit(unfit) => unfit.code(),
        }
    }
}
