//! Forms with files: read part by part, files streamed to the sealed store under a byte cap (EV-02), never held whole.

mod fault;
mod name;
mod quota;

use std::io::ErrorKind;

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::error::PayloadError;
use futures_util::TryStreamExt as _;
use readmit_core::dispatch::{DispatchError, Dispatched, How};
use readmit_core::ids::{BlobId, CaseId};
use readmit_core::kind::{Fields, StoredFile};
use readmit_core::picture::{Look, Unfit};
use readmit_core::refusal::Refusal;
use readmit_core::time::At;
use readmit_storage::{BlobWriter, Db, StorageError};

pub use fault::Fault;
pub use name::display_name;
pub use quota::Limits;

use self::quota::Quota;
use crate::error::PageError;

/// The largest file that is kept, in bytes.
pub const FILE_LIMIT: u64 = 15 * 1024 * 1024;
const TEXT_LIMIT: usize = 16 * 1024;
const FIELDS_LIMIT: usize = 64;

/// A form with files, as posted. Its files are in the store, and belong to nobody until a command takes them.
pub struct Received {
    pub fields: Fields,
    pub files: Vec<StoredFile>,
    /// The first file that is not taken: a sentence beside its field. Nothing of it was kept.
    pub refused: Option<Refusal>,
}

/// Reads a form whose files belong to a case. `admit` sees the fields that came before the first file, and must let the
/// form in before any of it is stored.
///
/// # Errors
/// [`PageError`]; then nothing was kept.
pub async fn receive(
    db: &Db,
    case: CaseId,
    (now, limits): (At, Limits),
    mut form: Multipart,
    admit: impl Fn(&Fields) -> Result<(), PageError>,
) -> Result<Received, PageError> {
    let mut fields = Fields::default();
    let mut waiting: Vec<Waiting> = Vec::new();
    let mut refused: Option<Refusal> = None;
    let mut quota: Option<Quota<'_>> = None;
    while let Some(mut part) = form.try_next().await.map_err(unreadable)? {
        let name = part.name().unwrap_or_default().to_owned();
        match part
            .content_disposition()
            .and_then(|d| d.get_filename())
            .map(display_name)
        {
            None if fields.0.len() < FIELDS_LIMIT => {
                let text = text(&mut part).await?;
                fields.0.push((name, text));
            }
            None => return Err(PageError::BadRequest),
            Some(shown) => {
                admit(&fields)?;
                // Of a file that has been read nothing stays in memory while the next one comes.
                if let Some(before) = waiting.last_mut() {
                    before.stored.writer.end().await?;
                }
                let quota = match &mut quota {
                    Some(quota) => quota,
                    none => none.insert(Quota::of(db, case, now, limits).await?),
                };
                match file((db, case, now), quota, &mut part).await? {
                    Ok(Some(stored)) => waiting.push(Waiting {
                        slot: name,
                        shown,
                        stored,
                    }),
                    Ok(None) => {}
                    Err(fault) => {
                        refused.get_or_insert(Refusal::Field {
                            field: name,
                            code: fault.code(),
                        });
                    }
                }
            }
        }
    }
    let mut files = Vec::with_capacity(waiting.len());
    for file in waiting {
        files.push(file.keep().await?);
    }
    Ok(Received { fields, files, refused })
}

/// Removes files whose command wrote nothing: they belong to nobody. Where the store's answer is not known the commit may
/// have been made, and a case may name them: they stay.
///
/// # Errors
/// [`PageError`] where one could not be removed.
pub async fn discard_untaken(
    db: &Db,
    case: CaseId,
    files: &[BlobId],
    done: &Result<Dispatched, DispatchError<StorageError>>,
) -> Result<(), PageError> {
    match done {
        Ok(Dispatched {
            how: How::Committed, ..
        })
        | Err(DispatchError::Store(_)) => Ok(()),
        Ok(_) | Err(_) => discard(db, case, files).await,
    }
}

/// Removes files that no command will take.
///
/// # Errors
/// [`PageError`] where one could not be removed.
pub async fn discard(db: &Db, case: CaseId, files: &[BlobId]) -> Result<(), PageError> {
    for blob in files {
        db.blobs().remove(case, *blob).await?;
    }
    Ok(())
}

/// A file that was read to its end, and is not kept before the whole form was.
struct Waiting {
    slot: String,
    shown: String,
    stored: Stored,
}

struct Stored {
    writer: BlobWriter,
    media: readmit_core::kind::Media,
}

impl Waiting {
    async fn keep(self) -> Result<StoredFile, PageError> {
        let blob = self.stored.writer.finish().await?;
        Ok(StoredFile {
            slot: self.slot,
            blob: blob.blob,
            bytes: blob.bytes,
            media: self.stored.media,
            sha256: blob.sha256,
            name: self.shown,
        })
    }
}

/// One file into the store. `None` for a field in which nothing was chosen.
async fn file(
    (db, case, now): (&Db, CaseId, At),
    quota: &Quota<'_>,
    part: &mut Field,
) -> Result<Result<Option<Stored>, Fault>, PageError> {
    let Some(first) = next(part).await? else {
        let chosen = part
            .content_disposition()
            .and_then(|d| d.get_filename())
            .is_some_and(|name| !name.is_empty());
        return Ok(if chosen {
            Err(Fault::Unfit(Unfit::Empty))
        } else {
            Ok(None)
        });
    };
    let mut fault = quota.file().await?;
    let mut look = Look::default();
    let mut writer = db.blobs().create(case, now).await?;
    let mut size = 0u64;
    let mut chunk = Some(first);
    while let Some(bytes) = chunk {
        let before = size;
        size += bytes.len() as u64;
        if size > FILE_LIMIT {
            fault.get_or_insert(Fault::TooBig);
        }
        if fault.is_none() {
            fault = quota.grown(before, size).await?;
        }
        if fault.is_none() {
            fault = look.see(&bytes).err().map(Fault::Unfit);
        }
        if fault.is_none() {
            writer.write(&bytes).await?;
        }
        chunk = next(part).await?;
    }
    Ok(match fault {
        Some(fault) => Err(fault),
        None => match look.end() {
            Ok(whole) => Ok(Some(Stored {
                writer,
                media: whole.media,
            })),
            Err(unfit) => Err(Fault::Unfit(unfit)),
        },
    })
}

async fn text(part: &mut Field) -> Result<String, PageError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = next(part).await? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > TEXT_LIMIT {
            return Err(PageError::TooLarge);
        }
    }
    String::from_utf8(bytes).map_err(|_| PageError::BadRequest)
}

async fn next(part: &mut Field) -> Result<Option<actix_web::web::Bytes>, PageError> {
    part.try_next().await.map_err(unreadable)
}

fn unreadable(error: MultipartError) -> PageError {
    match error {
        MultipartError::Payload(PayloadError::Overflow) => PageError::TooLarge,
        MultipartError::Payload(PayloadError::Io(error)) if error.kind() == ErrorKind::TimedOut => PageError::TooSlow,
        _ => PageError::BadRequest,
    }
}
