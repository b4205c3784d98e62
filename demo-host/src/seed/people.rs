//! Who has an account at Halcyon, and what each is good for.

use crate::model::{Kyc, Language, Tier};

/// One holder of an account, as the roster tells it to whoever seeds factors or shows the list.
#[derive(Debug)]
pub struct Resident {
    pub id: &'static str,
    pub email: &'static str,
    pub name: &'static str,
    pub language: Language,
    /// In E.164, from ranges kept for fiction.
    pub phone: Option<&'static str>,
    /// What Readmit should hold for the account when a demo starts; a phone factor is the number in `phone`.
    pub factors: &'static [Factor],
    /// What the account is there to show; empty for the many that only fill queues and lists.
    pub purpose: &'static str,
    pub(crate) kyc: Kyc,
    pub(crate) tier: Tier,
    pub(crate) life: Life,
    pub(super) home: Home,
}

/// A factor that a resident has at the start, with the name its owner gave it.
#[derive(Clone, Copy, Debug)]
pub struct Factor {
    pub kind: FactorKind,
    pub name: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactorKind {
    Passkey,
    Totp,
    Phone,
    RecoveryCodes,
}

/// How the account was used until now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Life {
    /// For years, and within the last weeks.
    Active,
    /// The same, and the host has locked its password.
    PasswordLocked,
    /// Nothing for two years and more.
    Dormant,
    /// Signed in for years, never moved anything.
    NoTransactions,
    /// Five days old: hardly anything is known of it.
    Fresh,
    /// Closed by the exchange.
    Closed,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Home {
    Netherlands,
    Britain,
    Spain,
    Mexico,
    Singapore,
    Germany,
    Sweden,
    Kenya,
    Canada,
}

impl Resident {
    /// Whether the exchange has locked the password before anybody asks.
    pub(crate) fn is_password_locked(&self) -> bool {
        self.life == Life::PasswordLocked
    }

    /// Whether the account is a few days old.
    pub fn is_new(&self) -> bool {
        self.life == Life::Fresh
    }

    /// Whether the account has years of rows and sign-ins behind it.
    pub fn is_established(&self) -> bool {
        !matches!(self.life, Life::Fresh | Life::NoTransactions)
    }
}

const PASSKEY: Factor = Factor {
    kind: FactorKind::Passkey,
    name: "Passkey on my phone",
};
const SECURITY_KEY: Factor = Factor {
    kind: FactorKind::Passkey,
    name: "Security key",
};
const TOTP: Factor = Factor {
    kind: FactorKind::Totp,
    name: "Authenticator app",
};
const PHONE: Factor = Factor {
    kind: FactorKind::Phone,
    name: "Phone number",
};
const CODES: Factor = Factor {
    kind: FactorKind::RecoveryCodes,
    name: "Recovery codes",
};

/// Everybody, those with a purpose first.
pub fn roster() -> &'static [Resident] {
    ROSTER
}

use FactorSet as Has;
use Home::{Britain, Canada, Germany, Kenya, Mexico, Netherlands, Singapore, Spain, Sweden};
use Kyc::{Advanced, None as Unchecked, Primary};
use Language::{En, Es, Zh};
use Life::{Active, Closed, Dormant, Fresh, NoTransactions, PasswordLocked};
use Tier::{High, Low, Standard};

/// The sets of factors that residents have.
struct FactorSet;
impl FactorSet {
    const NOTHING: &'static [Factor] = &[];
    const PASSKEY: &'static [Factor] = &[PASSKEY];
    const PASSKEY_PHONE: &'static [Factor] = &[PASSKEY, PHONE];
    const PASSKEY_TOTP: &'static [Factor] = &[PASSKEY, TOTP];
    const TOTP_PHONE: &'static [Factor] = &[TOTP, PHONE];
    const PASSKEY_CODES: &'static [Factor] = &[PASSKEY, CODES];
    const ALL: &'static [Factor] = &[PASSKEY, SECURITY_KEY, TOTP, PHONE, CODES];
}

/// One line a resident, so that the table can be read as a table.
#[allow(clippy::too_many_arguments)]
const fn at(
    id: &'static str,
    email: &'static str,
    name: &'static str,
    language: Language,
    home: Home,
    kyc: Kyc,
    tier: Tier,
    life: Life,
    phone: Option<&'static str>,
    factors: &'static [Factor],
    purpose: &'static str,
) -> Resident {
    Resident {
        id,
        email,
        name,
        language,
        phone,
        factors,
        purpose,
        kyc,
        tier,
        life,
        home,
    }
}

#[rustfmt::skip]
static ROSTER: &[Resident] = &[
    at("acc_ada", "ada@example.com", "Ada Lindqvist", En, Sweden, Primary, Standard, Active, Some("+46313900605"), Has::PASSKEY_PHONE, "The ordinary account: questions can be answered from its transactions and sign-ins"),
    at("acc_ben", "ben@example.com", "Ben Okafor", En, Kenya, Unchecked, Standard, Active, Some("+447700900101"), Has::PASSKEY_PHONE, "Identity never checked: documents are the only other way"),
    at("acc_carla", "carla@example.com", "Carla Jiménez Ortega", Es, Spain, Advanced, High, Active, Some("+447700900102"), Has::ALL, "High value, in Spanish: documents, two approvals, a wait of 24 hours; holds every kind of factor"),
    at("acc_dev", "dev@example.org", "Dev Raman", En, Singapore, Primary, High, Active, None, Has::PASSKEY, "High value with a passkey and an e-mail address alone: no independent channel for notices"),
    at("acc_wei", "wei.chen@example.com", "陈伟", Zh, Singapore, Primary, Standard, Active, Some("+447700900103"), Has::PASSKEY_TOTP, "In Chinese; an authenticator app as well as a passkey"),
    at("acc_emma", "emma@example.org", "Emma Fitzgerald", En, Britain, Unchecked, Low, NoTransactions, Some("+447700900104"), Has::PASSKEY_PHONE, "Never moved anything: no transaction to show"),
    at("acc_femi", "femi@example.com", "Femi Adeyemi", En, Britain, Unchecked, Low, Fresh, None, Has::PASSKEY, "Five days old: too little is known to ask questions"),
    at("acc_grace", "grace@example.com", "Grace Mwangi", En, Kenya, Primary, Standard, PasswordLocked, Some("+447700900105"), Has::PASSKEY_PHONE, "The host has locked its password"),
    at("acc_henrik", "henrik@example.org", "Henrik Sørensen", En, Germany, Primary, Standard, Active, None, Has::PASSKEY_TOTP, "No phone number; an authenticator app stays when the passkey is lost"),
    at("acc_ines", "ines@example.com", "Inés Paredes", Es, Mexico, Unchecked, Standard, Active, None, Has::PASSKEY, "In Spanish; a passkey and nothing else"),
    at("acc_annelise", "annelise.wilhelmina.vandermeer-oosterhuis+halcyon-trading-2019@example.org", "Annelise Wilhelmina Frederika van der Meer-Oosterhuis", En, Netherlands, Primary, Standard, Active, Some("+447700900106"), Has::PASSKEY_PHONE, "A long name and a long address"),
    at("acc_otto", "otto@example.com", "Otto Brandt", En, Germany, Advanced, Standard, Dormant, Some("+447700900107"), Has::PASSKEY_PHONE, "Asleep for more than two years"),
    at("acc_priya", "priya@example.org", "Priya Nair", En, Canada, Primary, Low, Active, None, Has::PASSKEY_CODES, "Little value; recovery codes kept on paper"),
    at("acc_nora", "nora@example.com", "Nora Haugen", En, Sweden, Primary, Standard, Active, None, Has::NOTHING, "No factor yet: the first that is bound brings ten recovery codes"),
    at("acc_milo", "milo@example.com", "Milo Horvat", En, Germany, Primary, Standard, Active, Some("+447700900108"), Has::TOTP_PHONE, "An app and a number, and no passkey: the security settings advise one"),
    at("acc_zoe", "zoe@example.com", "Zoe Marchetti", En, Canada, Unchecked, Low, Closed, None, Has::PASSKEY, "Closed by the exchange: a remedy is refused"),
    at("acc_abel", "abel@example.com", "Abel Winter", En, Germany, Primary, Standard, Active, Some("+447700900110"), Has::PASSKEY_PHONE, ""),
    at("acc_agnes", "agnes@example.com", "Agnes Holm", En, Sweden, Unchecked, Low, Active, None, Has::PASSKEY, ""),
    at("acc_amir", "amir@example.org", "Amir Haddad", En, Canada, Primary, Standard, Active, Some("+447700900111"), Has::PASSKEY_PHONE, ""),
    at("acc_bruno", "bruno@example.com", "Bruno Castellanos", Es, Mexico, Primary, Standard, Active, None, Has::PASSKEY_TOTP, ""),
    at("acc_celine", "celine@example.com", "Céline Aubert", En, Canada, Advanced, High, Active, Some("+447700900112"), Has::ALL, ""),
    at("acc_dana", "dana@example.org", "Dana Whitlock", En, Britain, Unchecked, Low, Active, Some("+447700900113"), Has::PASSKEY_PHONE, ""),
    at("acc_diego", "diego@example.com", "Diego Fuentes", Es, Spain, Primary, Standard, Active, Some("+447700900114"), Has::PASSKEY_PHONE, ""),
    at("acc_elif", "elif@example.com", "Elif Aydın", En, Germany, Primary, Standard, Active, None, Has::PASSKEY, ""),
    at("acc_erik", "erik@example.org", "Erik Nordahl", En, Sweden, Unchecked, Standard, Active, Some("+447700900115"), Has::PASSKEY_PHONE, ""),
    at("acc_fatou", "fatou@example.com", "Fatou Diallo", En, Britain, Primary, Low, Active, None, Has::PASSKEY_CODES, ""),
    at("acc_gwen", "gwen@example.com", "Gwen Pritchard", En, Britain, Primary, Standard, Active, Some("+447700900116"), Has::PASSKEY_TOTP, ""),
    at("acc_hana", "hana@example.org", "Hana Kobayashi", En, Singapore, Advanced, High, Active, Some("+447700900117"), Has::PASSKEY_PHONE, ""),
    at("acc_ivan", "ivan@example.com", "Ivan Petrov", En, Germany, Unchecked, Standard, Active, None, Has::PASSKEY, ""),
    at("acc_jia", "jia.lin@example.com", "林佳", Zh, Singapore, Primary, Standard, Active, Some("+447700900118"), Has::PASSKEY_PHONE, ""),
    at("acc_jonas", "jonas@example.org", "Jonas Keller", En, Germany, Primary, Low, Active, Some("+447700900119"), Has::PASSKEY_PHONE, ""),
    at("acc_kofi", "kofi@example.com", "Kofi Mensah", En, Britain, Unchecked, Standard, Active, None, Has::PASSKEY, ""),
    at("acc_lena", "lena@example.com", "Lena Fischer", En, Germany, Primary, Standard, Active, Some("+447700900120"), Has::PASSKEY_TOTP, ""),
    at("acc_lucia", "lucia@example.org", "Lucía Romero", Es, Spain, Primary, Standard, Active, Some("+447700900121"), Has::PASSKEY_PHONE, ""),
    at("acc_maarten", "maarten@example.com", "Maarten de Wit", En, Netherlands, Primary, High, Active, Some("+447700900122"), Has::ALL, ""),
    at("acc_mei", "mei.zhang@example.com", "张梅", Zh, Singapore, Unchecked, Low, Active, None, Has::PASSKEY, ""),
    at("acc_nadia", "nadia@example.com", "Nadia Rahman", En, Britain, Primary, Standard, Active, Some("+447700900123"), Has::PASSKEY_PHONE, ""),
    at("acc_noah", "noah@example.org", "Noah Tremblay", En, Canada, Unchecked, Standard, Active, Some("+447700900124"), Has::PASSKEY_PHONE, ""),
    at("acc_olga", "olga@example.com", "Olga Svensson", En, Sweden, Primary, Low, Active, None, Has::PASSKEY_CODES, ""),
    at("acc_pablo", "pablo@example.com", "Pablo Iturbide", Es, Mexico, Unchecked, Standard, Active, Some("+447700900125"), Has::PASSKEY_PHONE, ""),
    at("acc_quinn", "quinn@example.org", "Quinn Gallagher", En, Canada, Primary, Standard, Active, None, Has::PASSKEY_TOTP, ""),
    at("acc_rosa", "rosa@example.com", "Rosa Delgado", Es, Spain, Advanced, High, Active, None, Has::PASSKEY_TOTP, ""),
    at("acc_samuel", "samuel@example.com", "Samuel Kiprotich", En, Kenya, Primary, Standard, Active, Some("+447700900126"), Has::PASSKEY_PHONE, ""),
    at("acc_sara", "sara@example.org", "Sara Lundgren", En, Sweden, Unchecked, Standard, Active, Some("+447700900127"), Has::PASSKEY_PHONE, ""),
    at("acc_tariq", "tariq@example.com", "Tariq Mahmood", En, Britain, Primary, Low, Active, None, Has::PASSKEY, ""),
    at("acc_ursula", "ursula@example.com", "Ursula Vogt", En, Germany, Primary, Standard, Dormant, Some("+447700900128"), Has::PASSKEY_PHONE, ""),
    at("acc_victor", "victor@example.org", "Victor Almeida", En, Netherlands, Unchecked, Standard, Active, None, Has::PASSKEY, ""),
    at("acc_wanjiru", "wanjiru@example.com", "Wanjiru Kamau", En, Kenya, Primary, Standard, Active, Some("+447700900129"), Has::PASSKEY_PHONE, ""),
    at("acc_xin", "xin.wu@example.com", "吴欣", Zh, Singapore, Primary, High, Active, Some("+447700900130"), Has::PASSKEY_PHONE, ""),
    at("acc_yara", "yara@example.org", "Yara Benítez", Es, Mexico, Primary, Standard, Active, Some("+447700900131"), Has::PASSKEY_PHONE, ""),
    at("acc_yusuf", "yusuf@example.com", "Yusuf Demir", En, Netherlands, Unchecked, Low, Active, Some("+447700900132"), Has::PASSKEY_PHONE, ""),
    at("acc_zainab", "zainab@example.com", "Zainab Osei", En, Britain, Primary, Standard, Active, None, Has::PASSKEY_TOTP, ""),
];
