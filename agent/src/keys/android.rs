//! Android's Keystore through JNI: what the vault asks of it, and nothing else.
//!
//! No key is bound to the phone's own lock screen: a lock screen that is reset invalidates such keys for good, and with
//! them the evidence. StrongBox is tried first, the trusted environment next.

use domain::Digest;
use jni::errors::Error;
use jni::objects::{JByteArray, JObject, JObjectArray, JValue};
use jni::strings::JNIStr;
use jni::{Env, JavaVM, jni_sig, jni_str};
use zeroize::Zeroizing;

/// android.security.keystore.KeyProperties.
const ENCRYPT: i32 = 1;
const DECRYPT: i32 = 2;
const SIGN: i32 = 4;
/// javax.crypto.Cipher.
const ENCRYPT_MODE: i32 = 1;
const DECRYPT_MODE: i32 = 2;
/// Bytes of a nonce of AES-GCM, which the keystore draws.
const NONCE: usize = 12;
const TAG_BITS: i32 = 128;

/// The phone's keystore. The program's start on Android tells `jni` of the virtual machine.
pub(super) struct Keystore {
    vm: JavaVM,
}

/// A key by its name in the keystore.
#[derive(Debug, Clone, Copy)]
pub(super) enum Alias {
    /// P-256, ECDSA with SHA-256.
    Device,
    /// HMAC-SHA256.
    Mac,
    /// AES-256-GCM.
    Wrap,
}

impl Alias {
    const fn name(self) -> &'static str {
        match self {
            Self::Device => "neo-device",
            Self::Mac => "neo-mac",
            Self::Wrap => "neo-wrap",
        }
    }
}

/// True for an answer after which the keystore never gives the key again.
pub(super) fn is_gone(error: &Error) -> bool {
    matches!(error, Error::NullPtr(_)) || is_thrown(error, "KeyPermanentlyInvalidatedException")
}

fn is_thrown(error: &Error, class: &str) -> bool {
    matches!(error, Error::CaughtJavaException { name, .. } if name.ends_with(class))
}

impl Keystore {
    pub(super) fn connect() -> Result<Self, Error> {
        Ok(Self {
            vm: JavaVM::singleton()?,
        })
    }

    /// An exception that stayed pending would break the next call.
    fn with<T>(&self, work: impl FnOnce(&mut Env<'_>) -> Result<T, Error>) -> Result<T, Error> {
        self.vm.attach_current_thread(|env| {
            let done = work(env);
            if matches!(done, Err(Error::JavaException)) {
                env.exception_catch()?;
            }
            done
        })
    }

    /// Makes the key anew, in the safest place that the phone has; `challenge` is said with its attestation.
    pub(super) fn make(&self, alias: Alias, challenge: Option<&Digest>) -> Result<(), Error> {
        let made = self.with(|env| make(env, alias, challenge, true));
        if made
            .as_ref()
            .is_err_and(|error| is_thrown(error, "StrongBoxUnavailableException"))
        {
            return self.with(|env| make(env, alias, challenge, false));
        }
        made
    }

    /// The device's public key (SubjectPublicKeyInfo, DER).
    pub(super) fn public_key(&self) -> Result<Vec<u8>, Error> {
        self.with(|env| {
            let store = store(env)?;
            let name = env.new_string(Alias::Device.name())?;
            let certificate = env
                .call_method(
                    &store,
                    jni_str!("getCertificate"),
                    jni_sig!("(Ljava/lang/String;)Ljava/security/cert/Certificate;"),
                    &[JValue::Object(&name)],
                )?
                .l()?;
            let key = env
                .call_method(
                    &certificate,
                    jni_str!("getPublicKey"),
                    jni_sig!("()Ljava/security/PublicKey;"),
                    &[],
                )?
                .l()?;
            let encoded = env
                .call_method(&key, jni_str!("getEncoded"), jni_sig!("()[B"), &[])?
                .l()?;
            bytes(env, encoded)
        })
    }

    /// The attestation of the device's key: certificates (DER), leaf first.
    pub(super) fn chain(&self) -> Result<Vec<Vec<u8>>, Error> {
        self.with(|env| {
            let store = store(env)?;
            let name = env.new_string(Alias::Device.name())?;
            let chain = env
                .call_method(
                    &store,
                    jni_str!("getCertificateChain"),
                    jni_sig!("(Ljava/lang/String;)[Ljava/security/cert/Certificate;"),
                    &[JValue::Object(&name)],
                )?
                .l()?;
            let chain = env.cast_local::<JObjectArray<'_>>(chain)?;
            let mut encoded = Vec::new();
            for place in 0..chain.len(env)? {
                let certificate = chain.get_element(env, place)?;
                let der = env
                    .call_method(&certificate, jni_str!("getEncoded"), jni_sig!("()[B"), &[])?
                    .l()?;
                encoded.push(bytes(env, der)?);
            }
            Ok(encoded)
        })
    }

    /// The signature over the SHA-256 of `message`, in DER.
    pub(super) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        self.with(|env| {
            let key = key(env, Alias::Device)?;
            let algorithm = env.new_string("SHA256withECDSA")?;
            let signature = env
                .call_static_method(
                    jni_str!("java/security/Signature"),
                    jni_str!("getInstance"),
                    jni_sig!("(Ljava/lang/String;)Ljava/security/Signature;"),
                    &[JValue::Object(&algorithm)],
                )?
                .l()?;
            env.call_method(
                &signature,
                jni_str!("initSign"),
                jni_sig!("(Ljava/security/PrivateKey;)V"),
                &[JValue::Object(&key)],
            )?;
            let message = env.byte_array_from_slice(message)?;
            env.call_method(
                &signature,
                jni_str!("update"),
                jni_sig!("([B)V"),
                &[JValue::Object(&message)],
            )?;
            let signed = env
                .call_method(&signature, jni_str!("sign"), jni_sig!("()[B"), &[])?
                .l()?;
            bytes(env, signed)
        })
    }

    pub(super) fn mac(&self, message: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        self.with(|env| {
            let key = key(env, Alias::Mac)?;
            let algorithm = env.new_string("HmacSHA256")?;
            let mac = env
                .call_static_method(
                    jni_str!("javax/crypto/Mac"),
                    jni_str!("getInstance"),
                    jni_sig!("(Ljava/lang/String;)Ljavax/crypto/Mac;"),
                    &[JValue::Object(&algorithm)],
                )?
                .l()?;
            env.call_method(
                &mac,
                jni_str!("init"),
                jni_sig!("(Ljava/security/Key;)V"),
                &[JValue::Object(&key)],
            )?;
            let message = env.byte_array_from_slice(message)?;
            let answer = env
                .call_method(
                    &mac,
                    jni_str!("doFinal"),
                    jni_sig!("([B)[B"),
                    &[JValue::Object(&message)],
                )?
                .l()?;
            bytes(env, answer).map(Zeroizing::new)
        })
    }

    /// Nonce and ciphertext with its tag.
    pub(super) fn wrap(&self, secret: &[u8]) -> Result<Vec<u8>, Error> {
        self.with(|env| {
            let key = key(env, Alias::Wrap)?;
            let cipher = cipher(env)?;
            env.call_method(
                &cipher,
                jni_str!("init"),
                jni_sig!("(ILjava/security/Key;)V"),
                &[JValue::Int(ENCRYPT_MODE), JValue::Object(&key)],
            )?;
            let nonce = env
                .call_method(&cipher, jni_str!("getIV"), jni_sig!("()[B"), &[])?
                .l()?;
            let mut wrapped = bytes(env, nonce)?;
            wrapped.extend(finished(env, &cipher, secret)?);
            Ok(wrapped)
        })
    }

    pub(super) fn unwrap(&self, wrapped: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        let (nonce, sealed) = wrapped.split_at_checked(NONCE).ok_or(Error::IndexOutOfBounds)?;
        self.with(|env| {
            let key = key(env, Alias::Wrap)?;
            let cipher = cipher(env)?;
            let nonce = env.byte_array_from_slice(nonce)?;
            let parameters = env.new_object(
                jni_str!("javax/crypto/spec/GCMParameterSpec"),
                jni_sig!("(I[B)V"),
                &[JValue::Int(TAG_BITS), JValue::Object(&nonce)],
            )?;
            env.call_method(
                &cipher,
                jni_str!("init"),
                jni_sig!("(ILjava/security/Key;Ljava/security/spec/AlgorithmParameterSpec;)V"),
                &[
                    JValue::Int(DECRYPT_MODE),
                    JValue::Object(&key),
                    JValue::Object(&parameters),
                ],
            )?;
            finished(env, &cipher, sealed).map(Zeroizing::new)
        })
    }
}

fn store<'local>(env: &mut Env<'local>) -> Result<JObject<'local>, Error> {
    let name = env.new_string("AndroidKeyStore")?;
    let store = env
        .call_static_method(
            jni_str!("java/security/KeyStore"),
            jni_str!("getInstance"),
            jni_sig!("(Ljava/lang/String;)Ljava/security/KeyStore;"),
            &[JValue::Object(&name)],
        )?
        .l()?;
    env.call_method(
        &store,
        jni_str!("load"),
        jni_sig!("(Ljava/security/KeyStore$LoadStoreParameter;)V"),
        &[JValue::Object(&JObject::null())],
    )?;
    Ok(store)
}

/// A key that is not there is a null pointer.
fn key<'local>(env: &mut Env<'local>, alias: Alias) -> Result<JObject<'local>, Error> {
    let store = store(env)?;
    let name = env.new_string(alias.name())?;
    let key = env
        .call_method(
            &store,
            jni_str!("getKey"),
            jni_sig!("(Ljava/lang/String;[C)Ljava/security/Key;"),
            &[JValue::Object(&name), JValue::Object(&JObject::null())],
        )?
        .l()?;
    if key.is_null() {
        return Err(Error::NullPtr("the keystore's key"));
    }
    Ok(key)
}

fn make(env: &mut Env<'_>, alias: Alias, challenge: Option<&Digest>, strongbox: bool) -> Result<(), Error> {
    let (purposes, algorithm) = match alias {
        Alias::Device => (SIGN, "EC"),
        Alias::Mac => (SIGN, "HmacSHA256"),
        Alias::Wrap => (ENCRYPT | DECRYPT, "AES"),
    };
    let name = env.new_string(alias.name())?;
    let builder = env.new_object(
        jni_str!("android/security/keystore/KeyGenParameterSpec$Builder"),
        jni_sig!("(Ljava/lang/String;I)V"),
        &[JValue::Object(&name), JValue::Int(purposes)],
    )?;
    match alias {
        Alias::Device => {
            let curve = env.new_string("secp256r1")?;
            let curve = env.new_object(
                jni_str!("java/security/spec/ECGenParameterSpec"),
                jni_sig!("(Ljava/lang/String;)V"),
                &[JValue::Object(&curve)],
            )?;
            env.call_method(
                &builder,
                jni_str!("setAlgorithmParameterSpec"),
                jni_sig!(
                    "(Ljava/security/spec/AlgorithmParameterSpec;)Landroid/security/keystore/KeyGenParameterSpec$Builder;"
                ),
                &[JValue::Object(&curve)],
            )?;
            set_texts(env, &builder, jni_str!("setDigests"), "SHA-256")?;
        }
        Alias::Mac => {}
        Alias::Wrap => {
            set_texts(env, &builder, jni_str!("setBlockModes"), "GCM")?;
            set_texts(env, &builder, jni_str!("setEncryptionPaddings"), "NoPadding")?;
            env.call_method(
                &builder,
                jni_str!("setKeySize"),
                jni_sig!("(I)Landroid/security/keystore/KeyGenParameterSpec$Builder;"),
                &[JValue::Int(256)],
            )?;
        }
    }
    if let Some(challenge) = challenge {
        let challenge = env.byte_array_from_slice(challenge.as_bytes())?;
        env.call_method(
            &builder,
            jni_str!("setAttestationChallenge"),
            jni_sig!("([B)Landroid/security/keystore/KeyGenParameterSpec$Builder;"),
            &[JValue::Object(&challenge)],
        )?;
    }
    env.call_method(
        &builder,
        jni_str!("setIsStrongBoxBacked"),
        jni_sig!("(Z)Landroid/security/keystore/KeyGenParameterSpec$Builder;"),
        &[JValue::Bool(strongbox)],
    )?;
    let spec = env
        .call_method(
            &builder,
            jni_str!("build"),
            jni_sig!("()Landroid/security/keystore/KeyGenParameterSpec;"),
            &[],
        )?
        .l()?;
    generate(env, alias, algorithm, &spec)
}

fn generate(env: &mut Env<'_>, alias: Alias, algorithm: &str, spec: &JObject<'_>) -> Result<(), Error> {
    let algorithm = env.new_string(algorithm)?;
    let provider = env.new_string("AndroidKeyStore")?;
    let named = [JValue::Object(&algorithm), JValue::Object(&provider)];
    match alias {
        Alias::Device => {
            let generator = env
                .call_static_method(
                    jni_str!("java/security/KeyPairGenerator"),
                    jni_str!("getInstance"),
                    jni_sig!("(Ljava/lang/String;Ljava/lang/String;)Ljava/security/KeyPairGenerator;"),
                    &named,
                )?
                .l()?;
            env.call_method(
                &generator,
                jni_str!("initialize"),
                jni_sig!("(Ljava/security/spec/AlgorithmParameterSpec;)V"),
                &[JValue::Object(spec)],
            )?;
            env.call_method(
                &generator,
                jni_str!("generateKeyPair"),
                jni_sig!("()Ljava/security/KeyPair;"),
                &[],
            )?;
        }
        Alias::Mac | Alias::Wrap => {
            let generator = env
                .call_static_method(
                    jni_str!("javax/crypto/KeyGenerator"),
                    jni_str!("getInstance"),
                    jni_sig!("(Ljava/lang/String;Ljava/lang/String;)Ljavax/crypto/KeyGenerator;"),
                    &named,
                )?
                .l()?;
            env.call_method(
                &generator,
                jni_str!("init"),
                jni_sig!("(Ljava/security/spec/AlgorithmParameterSpec;)V"),
                &[JValue::Object(spec)],
            )?;
            env.call_method(
                &generator,
                jni_str!("generateKey"),
                jni_sig!("()Ljavax/crypto/SecretKey;"),
                &[],
            )?;
        }
    }
    Ok(())
}

/// Calls a setter of the builder that takes a list of texts, with one.
fn set_texts(env: &mut Env<'_>, builder: &JObject<'_>, setter: &JNIStr, text: &str) -> Result<(), Error> {
    let text = env.new_string(text)?;
    let list = env.new_object_array(1, jni_str!("java/lang/String"), &text)?;
    env.call_method(
        builder,
        setter,
        jni_sig!("([Ljava/lang/String;)Landroid/security/keystore/KeyGenParameterSpec$Builder;"),
        &[JValue::Object(&list)],
    )?;
    Ok(())
}

fn cipher<'local>(env: &mut Env<'local>) -> Result<JObject<'local>, Error> {
    let transformation = env.new_string("AES/GCM/NoPadding")?;
    env.call_static_method(
        jni_str!("javax/crypto/Cipher"),
        jni_str!("getInstance"),
        jni_sig!("(Ljava/lang/String;)Ljavax/crypto/Cipher;"),
        &[JValue::Object(&transformation)],
    )?
    .l()
}

fn finished(env: &mut Env<'_>, cipher: &JObject<'_>, input: &[u8]) -> Result<Vec<u8>, Error> {
    let input = env.byte_array_from_slice(input)?;
    let output = env
        .call_method(
            cipher,
            jni_str!("doFinal"),
            jni_sig!("([B)[B"),
            &[JValue::Object(&input)],
        )?
        .l()?;
    bytes(env, output)
}

fn bytes(env: &mut Env<'_>, array: JObject<'_>) -> Result<Vec<u8>, Error> {
    let array = env.cast_local::<JByteArray<'_>>(array)?;
    env.convert_byte_array(&array)
}
