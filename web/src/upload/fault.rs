//! Why an uploaded file is not taken.

use readmit_core::picture::Unfit;

/// Why a file is not taken. Each has its own sentence, `refusal-{code}`, beside the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    TooBig,
    /// More files today than a case may send.
    TooMany,
    Unfit(Unfit),
}

impl Fault {
    pub fn all() -> impl Iterator<Item = Self> {
        let unfit = Unfit::ALL.into_iter().map(Self::Unfit);
        [Self::TooBig, Self::TooMany].into_iter().chain(unfit)
    }

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooBig => "file_too_big",
            Self::TooMany => "file_too_many",
            Self::Unfit(unfit) => unfit.code(),
        }
    }
}
