//! Evidence in a bucket of an S3 server. Small files are one conditional put, large ones a multipart upload that gets its
//! name when it is completed; the server checks a SHA-256 of every part. What lies there is sealed before it leaves us.

use std::time::Duration;

use aws_sdk_s3::Client;
use aws_sdk_s3::config::retry::RetryConfig;
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::operation::head_object::HeadObjectOutput;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{ChecksumAlgorithm, ChecksumMode, CompletedMultipartUpload, CompletedPart};
use aws_smithy_http_client::tls;
use readmit_core::ids::BlobId;
use readmit_core::time::At;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::depot::Content;
use crate::StorageError;

/// The smallest part that S3 takes, the last one aside; what an upload holds in memory.
const PART: usize = 5 * 1024 * 1024;
/// How long one attempt of one request may take.
const ATTEMPT: Duration = Duration::from_secs(20);
const CONNECT: Duration = Duration::from_secs(3);
const ATTEMPTS: u32 = 3;

/// A bucket and who we are there.
#[derive(Clone)]
pub struct BucketSettings {
    /// `https://s3.example.com`; without it the region's own address at Amazon.
    pub endpoint: Option<String>,
    pub region: String,
    pub bucket: String,
    /// What every name begins with, such as `readmit/`; may be empty.
    pub prefix: String,
    /// The bucket in the path (`host/bucket/name`) rather than in the host name.
    pub path_style: bool,
    pub access_key: String,
    pub secret_key: Zeroizing<String>,
}

#[derive(Clone)]
pub(crate) struct Bucket {
    client: Client,
    name: String,
    prefix: String,
}

impl Bucket {
    pub(super) fn of(settings: &BucketSettings) -> Self {
        let ring = tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring);
        let mut config = aws_sdk_s3::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(settings.region.clone()))
            .credentials_provider(Credentials::new(
                &settings.access_key,
                settings.secret_key.as_str(),
                None,
                None,
                "readmit",
            ))
            .force_path_style(settings.path_style)
            .http_client(aws_smithy_http_client::Builder::new().tls_provider(ring).build_https())
            .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS))
            .timeout_config(
                TimeoutConfig::builder()
                    .connect_timeout(CONNECT)
                    .operation_attempt_timeout(ATTEMPT)
                    .build(),
            );
        config.set_endpoint_url(settings.endpoint.clone());
        Self {
            client: Client::from_conf(config.build()),
            name: settings.bucket.clone(),
            prefix: settings.prefix.clone(),
        }
    }

    /// Whether the bucket is there and ours.
    pub(super) async fn probe(&self) -> Result<(), StorageError> {
        self.client
            .head_bucket()
            .bucket(&self.name)
            .send()
            .await
            .map_err(failed)?;
        Ok(())
    }

    pub(super) fn begin(&self, blob: BlobId) -> Draft {
        Draft {
            bucket: self.clone(),
            key: self.key(blob),
            waiting: Vec::new(),
            whole: Sha256::new(),
            bytes: 0,
            upload: None,
        }
    }

    pub(super) async fn open(&self, blob: BlobId) -> Result<Option<Content>, StorageError> {
        let got = self
            .client
            .get_object()
            .bucket(&self.name)
            .key(self.key(blob))
            .send()
            .await;
        match got {
            Ok(object) => Ok(Some(Box::new(object.body.into_async_read()))),
            Err(error) if error.as_service_error().is_some_and(|error| error.is_no_such_key()) => Ok(None),
            Err(error) => Err(failed(error)),
        }
    }

    pub(super) async fn remove(&self, blob: BlobId) -> Result<(), StorageError> {
        let gone = self
            .client
            .delete_object()
            .bucket(&self.name)
            .key(self.key(blob))
            .send()
            .await;
        gone.map(drop).map_err(failed)
    }

    /// Ends multipart uploads that were begun before the moment and never completed.
    pub(super) async fn sweep(&self, before: At) -> Result<(), StorageError> {
        let listed = self
            .client
            .list_multipart_uploads()
            .bucket(&self.name)
            .prefix(&self.prefix);
        for upload in listed.send().await.map_err(failed)?.uploads() {
            let begun = upload.initiated().and_then(|begun| begun.as_nanos().checked_div(1_000));
            let is_old = begun.is_some_and(|begun| begun < i128::from(before.0));
            if let (true, Some(key), Some(id)) = (is_old, upload.key(), upload.upload_id()) {
                self.abort(key, id).await?;
            }
        }
        Ok(())
    }

    async fn abort(&self, key: &str, upload: &str) -> Result<(), StorageError> {
        let abort = self
            .client
            .abort_multipart_upload()
            .bucket(&self.name)
            .key(key)
            .upload_id(upload);
        abort.send().await.map(drop).map_err(failed)
    }

    /// Two levels, as in a folder: some servers keep one.
    fn key(&self, blob: BlobId) -> String {
        let name = blob.to_string();
        let (first, rest) = name.split_at(2);
        let (second, _) = rest.split_at(2);
        format!("{}{first}/{second}/{name}", self.prefix)
    }
}

/// A file on its way: at most one part of it is held here.
pub(crate) struct Draft {
    bucket: Bucket,
    key: String,
    waiting: Vec<u8>,
    whole: Sha256,
    bytes: u64,
    upload: Option<Upload>,
}

struct Upload {
    id: String,
    parts: Vec<CompletedPart>,
}

impl Draft {
    pub(super) async fn write(&mut self, mut bytes: &[u8]) -> Result<(), StorageError> {
        self.whole.update(bytes);
        self.bytes += bytes.len() as u64;
        while !bytes.is_empty() {
            if self.waiting.len() == PART {
                self.part().await?;
            }
            let (now, later) = bytes.split_at(bytes.len().min(PART - self.waiting.len()));
            self.waiting.extend_from_slice(now);
            bytes = later;
        }
        Ok(())
    }

    pub(super) fn held(&self) -> usize {
        self.waiting.capacity()
    }

    /// Sends what is held here as the last part: the name comes later.
    pub(super) async fn settle(&mut self) -> Result<(), StorageError> {
        self.part().await?;
        self.waiting = Vec::new();
        Ok(())
    }

    pub(super) async fn keep(&mut self) -> Result<(), StorageError> {
        if self.upload.is_none() {
            return self.put().await;
        }
        if !self.waiting.is_empty() {
            self.part().await?;
        }
        let Some(upload) = &self.upload else { return Ok(()) };
        let parts = CompletedMultipartUpload::builder()
            .set_parts(Some(upload.parts.clone()))
            .build();
        let complete = self.bucket.client.complete_multipart_upload();
        let complete = complete.bucket(&self.bucket.name).key(&self.key).upload_id(&upload.id);
        let done = complete.multipart_upload(parts).if_none_match("*").send().await;
        self.named(done.map(drop)).await?;
        self.upload = None;
        Ok(())
    }

    /// All of it at once.
    async fn put(&mut self) -> Result<(), StorageError> {
        let put = self.bucket.client.put_object().bucket(&self.bucket.name).key(&self.key);
        let put = put.checksum_algorithm(ChecksumAlgorithm::Sha256).if_none_match("*");
        let done = put
            .body(ByteStream::from(std::mem::take(&mut self.waiting)))
            .send()
            .await;
        self.named(done.map(drop)).await
    }

    async fn part(&mut self) -> Result<(), StorageError> {
        let (client, name) = (&self.bucket.client, &self.bucket.name);
        let upload = match &mut self.upload {
            Some(upload) => upload,
            none => {
                let begun = client.create_multipart_upload().bucket(name).key(&self.key);
                let begun = begun
                    .checksum_algorithm(ChecksumAlgorithm::Sha256)
                    .send()
                    .await
                    .map_err(failed)?;
                let id = begun
                    .upload_id
                    .ok_or_else(|| io("the evidence store began an upload without a name"))?;
                none.insert(Upload { id, parts: Vec::new() })
            }
        };
        let number = i32::try_from(upload.parts.len() + 1).map_err(|_| StorageError::Full)?;
        let part = client
            .upload_part()
            .bucket(name)
            .key(&self.key)
            .upload_id(&upload.id)
            .part_number(number);
        let body = ByteStream::from(std::mem::take(&mut self.waiting));
        let sent = part
            .checksum_algorithm(ChecksumAlgorithm::Sha256)
            .body(body)
            .send()
            .await
            .map_err(failed)?;
        let part = CompletedPart::builder().part_number(number).set_e_tag(sent.e_tag);
        upload
            .parts
            .push(part.set_checksum_sha256(sent.checksum_sha256).build());
        Ok(())
    }

    /// The answer to a conditional put. A name that is taken is ours: it is random, and the first answer was lost on its
    /// way here; what lies there must be as long as what we sent.
    async fn named<E: ProvideErrorMetadata>(&self, answer: Result<(), SdkError<E>>) -> Result<(), StorageError> {
        match answer {
            Err(error) if error.code() == Some("PreconditionFailed") => {
                let there = self.head().await?;
                let length = there.content_length.and_then(|length| u64::try_from(length).ok());
                match length == Some(self.bytes) {
                    true => Ok(()),
                    false => Err(StorageError::Corrupt { what: "evidence" }),
                }
            }
            answer => answer.map_err(failed),
        }
    }

    async fn head(&self) -> Result<HeadObjectOutput, StorageError> {
        let head = self
            .bucket
            .client
            .head_object()
            .bucket(&self.bucket.name)
            .key(&self.key);
        head.checksum_mode(ChecksumMode::Enabled).send().await.map_err(failed)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        let Some(upload) = self.upload.take() else { return };
        let (bucket, key) = (self.bucket.clone(), self.key.clone());
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                if let Err(error) = bucket.abort(&key, &upload.id).await {
                    tracing::warn!(%error, "an unfinished upload could not be removed; the daily sweep will");
                }
            });
        }
    }
}

/// What an operator reads: the server's code, or that it does not answer. Never a name or a key.
fn failed<E: ProvideErrorMetadata>(error: SdkError<E>) -> StorageError {
    match &error {
        SdkError::ServiceError(refused) => {
            let code = refused.err().code().unwrap_or("an error without a code").to_owned();
            io(&format!(
                "the evidence store answered {code} ({})",
                refused.raw().status()
            ))
        }
        _ => StorageError::EvidenceDown,
    }
}

fn io(text: &str) -> StorageError {
    StorageError::Io(std::io::Error::other(text.to_owned()))
}
