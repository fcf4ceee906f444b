/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "secret.h"

#include <sodium.h>

#include "arena.h"

#define TOKEN_BYTES 32
#define KEY_BYTES 32
/* As the database makes them up for addresses that nobody has. */
#define PASSES "2"
#define MEMORY_KIB "19456"
#define BASE64 sodium_base64_VARIANT_URLSAFE_NO_PADDING

bool secret_setup(void)
{
	return sodium_init() >= 0;
}

struct str secret_token(void)
{
	unsigned char bytes[TOKEN_BYTES];
	char *text = alloc(SECRET_TOKEN_CHARS + 1);

	randombytes_buf(bytes, sizeof(bytes));
	sodium_bin2base64(text, SECRET_TOKEN_CHARS + 1, bytes, sizeof(bytes),
			  BASE64);
	return (struct str){ text, SECRET_TOKEN_CHARS };
}

static const char *bytea(const void *p, size_t n)
{
	char *text = alloc(2 * n + 3);

	text[0] = '\\';
	text[1] = 'x';
	sodium_bin2hex(text + 2, 2 * n + 1, p, n);
	return text;
}

static bool decode(struct str token, unsigned char bytes[TOKEN_BYTES])
{
	size_t n;

	return token.n == SECRET_TOKEN_CHARS &&
	       !sodium_base642bin(bytes, TOKEN_BYTES, token.p, token.n, NULL,
				  &n, NULL, BASE64) &&
	       n == TOKEN_BYTES;
}

const char *secret_token_bytea(struct str token)
{
	unsigned char bytes[TOKEN_BYTES];

	return decode(token, bytes) ? bytea(bytes, sizeof(bytes)) : NULL;
}

const char *secret_token_hash(struct str token)
{
	unsigned char bytes[TOKEN_BYTES];
	unsigned char hash[crypto_hash_sha256_BYTES];

	if (!decode(token, bytes))
		return NULL;
	crypto_hash_sha256(hash, bytes, sizeof(bytes));
	return bytea(hash, sizeof(hash));
}

static unsigned hashes;

unsigned secret_hashes(void)
{
	return hashes;
}

bool secret_derive(struct str password, struct str salt_hex, uint64_t passes,
		   uint64_t memory_kib, const char **out)
{
	unsigned char salt[crypto_pwhash_SALTBYTES];
	unsigned char key[KEY_BYTES];
	size_t n;

	if (password.n > SECRET_PASSWORD_MAX ||
	    sodium_hex2bin(salt, sizeof(salt), salt_hex.p, salt_hex.n, NULL, &n,
			   NULL) ||
	    n != sizeof(salt) || passes > 10 || memory_kib > 262144)
		return false;
	hashes++;
	if (crypto_pwhash(key, sizeof(key), password.p, password.n, salt,
			  passes, memory_kib * 1024,
			  crypto_pwhash_ALG_ARGON2ID13))
		return false;
	*out = bytea(key, sizeof(key));
	sodium_memzero(key, sizeof(key));
	return true;
}

struct str secret_random(size_t n)
{
	char *p = alloc(n);

	randombytes_buf(p, n);
	return (struct str){ p, n };
}

struct str secret_base64(struct str bytes)
{
	size_t n = sodium_base64_ENCODED_LEN(bytes.n, BASE64);
	char *text = alloc(n);

	sodium_bin2base64(text, n, (const unsigned char *)bytes.p, bytes.n,
			  BASE64);
	return (struct str){ text, n - 1 };
}

bool secret_unbase64(struct str text, struct str *bytes)
{
	unsigned char *p = alloc(text.n / 4 * 3 + 3);
	size_t n;

	/* libsodium 1.0.18 takes some bytes above ASCII for letters. */
	for (size_t i = 0; i < text.n; i++)
		if ((unsigned char)text.p[i] > 127)
			return false;
	if (sodium_base642bin(p, text.n / 4 * 3 + 3, text.p, text.n, NULL, &n,
			      NULL, BASE64))
		return false;
	*bytes = (struct str){ (char *)p, n };
	return true;
}

struct str secret_sha256(struct str s)
{
	unsigned char *hash = alloc(crypto_hash_sha256_BYTES);

	crypto_hash_sha256(hash, (const unsigned char *)s.p, s.n);
	return (struct str){ (char *)hash, crypto_hash_sha256_BYTES };
}

bool secret_equal(struct str a, struct str b)
{
	return a.n == b.n && !sodium_memcmp(a.p, b.p, a.n);
}

/* ---- sealing ---- */

#define AEAD(what) crypto_aead_xchacha20poly1305_ietf_##what
enum { KEYS_MAX = 4, SEAL_VERSION = 1 };

static unsigned char keys[KEYS_MAX][AEAD(KEYBYTES)];
static size_t n_keys;

bool secret_keys(struct str lines)
{
	for (n_keys = 0; lines.n; n_keys++) {
		struct str line = str_trim(str_cut(&lines, '\n'));
		if (n_keys == KEYS_MAX || !decode(line, keys[n_keys]))
			return false;
	}
	return n_keys > 0;
}

bool secret_key_file(const char *path)
{
	char text[1024];
	FILE *f = fopen(path, "re");
	size_t n = f ? fread(text, 1, sizeof(text), f) : 0;

	if (f)
		fclose(f);
	bool ok = secret_keys((struct str){ text, n });
	sodium_memzero(text, sizeof(text));
	return ok;
}

struct str secret_seal(struct str plain, const char *purpose)
{
	size_t n = plain.n + SECRET_SEAL_BYTES;
	unsigned char *out = alloc(n), *nonce = out + 1;

	if (!n_keys)
		abort(); /* a worker of another pool */
	out[0] = SEAL_VERSION;
	randombytes_buf(nonce, AEAD(NPUBBYTES));
	AEAD(encrypt)
	(nonce + AEAD(NPUBBYTES), NULL, (const unsigned char *)plain.p, plain.n,
	 (const unsigned char *)purpose, strlen(purpose), NULL, nonce, keys[0]);
	return (struct str){ (char *)out, n };
}

bool secret_open(struct str sealed, const char *purpose, struct str *plain)
{
	const unsigned char *in = (const unsigned char *)sealed.p;
	const unsigned char *nonce = in + 1, *text = nonce + AEAD(NPUBBYTES);

	if (sealed.n < SECRET_SEAL_BYTES || in[0] != SEAL_VERSION)
		return false;
	size_t n = sealed.n - SECRET_SEAL_BYTES;
	unsigned char *out = alloc(n + 1);
	*plain = (struct str){ (char *)out, n };
	for (size_t i = 0; i < n_keys; i++)
		if (!AEAD(decrypt)(out, NULL, NULL, text, n + AEAD(ABYTES),
				   (const unsigned char *)purpose,
				   strlen(purpose), nonce, keys[i]))
			return true;
	return false;
}

const char *secret_bytea(struct str bytes)
{
	return bytea(bytes.p, bytes.n);
}

bool secret_unhex(struct str hex, struct str *bytes)
{
	unsigned char *p = alloc(hex.n / 2 + 1);
	size_t n;

	if (sodium_hex2bin(p, hex.n / 2, hex.p, hex.n, NULL, &n, NULL) ||
	    2 * n != hex.n)
		return false;
	*bytes = (struct str){ (char *)p, n };
	return true;
}

bool secret_ed25519(struct str key, struct str message, struct str signature)
{
	return key.n == crypto_sign_PUBLICKEYBYTES &&
	       signature.n == crypto_sign_BYTES &&
	       !crypto_sign_verify_detached((const unsigned char *)signature.p,
					    (const unsigned char *)message.p,
					    message.n,
					    (const unsigned char *)key.p);
}

struct str secret_sign(struct str seed, struct str message,
		       struct str *public_key)
{
	unsigned char *public = alloc(crypto_sign_PUBLICKEYBYTES);
	unsigned char *signature = alloc(crypto_sign_BYTES);
	unsigned char key[crypto_sign_SECRETKEYBYTES];

	if (seed.n != crypto_sign_SEEDBYTES)
		return S("");
	crypto_sign_seed_keypair(public, key, (const unsigned char *)seed.p);
	crypto_sign_detached(signature, NULL, (const unsigned char *)message.p,
			     message.n, key);
	sodium_memzero(key, sizeof(key));
	*public_key =
		(struct str){ (char *)public, crypto_sign_PUBLICKEYBYTES };
	return (struct str){ (char *)signature, crypto_sign_BYTES };
}

struct str secret_hmac(struct str key, struct str message)
{
	enum {
		CHARS = sodium_base64_ENCODED_LEN(
			crypto_auth_hmacsha256_BYTES,
			sodium_base64_VARIANT_ORIGINAL)
	};
	crypto_auth_hmacsha256_state state;
	unsigned char mac[crypto_auth_hmacsha256_BYTES];
	char *text = alloc(CHARS);

	crypto_auth_hmacsha256_init(&state, (const unsigned char *)key.p,
				    key.n);
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)message.p,
				      message.n);
	crypto_auth_hmacsha256_final(&state, mac);
	sodium_bin2base64(text, CHARS, mac, sizeof(mac),
			  sodium_base64_VARIANT_ORIGINAL);
	return str_of(text);
}

struct secret_sum {
	crypto_hash_sha256_state state;
};

struct secret_sum *secret_sum_begin(void)
{
	struct secret_sum *sum = alloc(sizeof(*sum));

	crypto_hash_sha256_init(&sum->state);
	return sum;
}

void secret_sum_add(struct secret_sum *sum, struct str piece)
{
	crypto_hash_sha256_update(&sum->state, (const unsigned char *)piece.p,
				  piece.n);
}

void secret_sum_end(struct secret_sum *sum, char hex[SECRET_SUM_CHARS + 1])
{
	unsigned char hash[crypto_hash_sha256_BYTES];

	crypto_hash_sha256_final(&sum->state, hash);
	sodium_bin2hex(hex, SECRET_SUM_CHARS + 1, hash, sizeof(hash));
}

bool secret_new_password(struct str password, struct secret_password *out)
{
	unsigned char salt[crypto_pwhash_SALTBYTES];

	randombytes_buf(salt, sizeof(salt));
	out->salt = bytea(salt, sizeof(salt));
	out->passes = PASSES;
	out->memory_kib = MEMORY_KIB;
	return secret_derive(password, str_of(out->salt + 2),
			     strtoull(PASSES, NULL, 10),
			     strtoull(MEMORY_KIB, NULL, 10), &out->key);
}
