"""SRP as Cognito has it, with nothing but the standard library: users and remembered devices."""

import base64
import hashlib
import hmac
import os
import time
from datetime import datetime, timezone

N_HEX = (
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74"
    "020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F1437"
    "4FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF05"
    "98DA48361C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356208552BB"
    "9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B"
    "E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF695581718"
    "3995497CEA956AE515D2261898FA051015728E5A8AAAC42DAD33170D04507A33"
    "A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7"
    "ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864"
    "D87602733EC86A64521F2B18177B200CBBE117577A615D6C770988C0BAD946E2"
    "08E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF"
)
N = int(N_HEX, 16)
G = 2


def padded(number):
    """Big-endian, with a leading zero byte where the sign bit would be set."""
    text = f"{number:x}"
    if len(text) % 2:
        text = "0" + text
    return bytes.fromhex("00" + text if text[0] in "89abcdef" else text)


def digest(data):
    return int.from_bytes(hashlib.sha256(data).digest(), "big")


K = digest(padded(N) + padded(G))


def secret_exponent(salt, group, name, password):
    inner = hashlib.sha256(f"{group}{name}:{password}".encode()).digest()
    return digest(padded(salt) + inner)


class Exchange:
    """One side of one sign-in. `group` is the pool's id after the underscore, or the device's group key."""

    def __init__(self):
        self.a = int.from_bytes(os.urandom(128), "big") % N
        self.big_a = pow(G, self.a, N)
        self.srp_a = f"{self.big_a:x}"

    def prove(self, group, name, password, salt_hex, srp_b_hex, secret_block):
        """The signature over the secret block, and the time that entered it."""
        salt, big_b = int(salt_hex, 16), int(srp_b_hex, 16)
        u = digest(padded(self.big_a) + padded(big_b))
        x = secret_exponent(salt, group, name, password)
        shared = pow(big_b - K * pow(G, x, N), self.a + u * x, N)
        extracted = hmac.new(padded(u), padded(shared), hashlib.sha256).digest()
        key = hmac.new(extracted, b"Caldera Derived Key\x01", hashlib.sha256).digest()[:16]
        now = datetime.now(timezone.utc)
        timestamp = f"{now:%a %b} {now.day} {now:%H:%M:%S} UTC {now:%Y}"
        message = f"{group}{name}".encode() + base64.b64decode(secret_block) + timestamp.encode()
        signature = hmac.new(key, message, hashlib.sha256).digest()
        return base64.b64encode(signature).decode(), timestamp


def device_verifier(group_key, device_key, password):
    """What ConfirmDevice takes."""
    salt = int.from_bytes(os.urandom(16), "big")
    verifier = pow(G, secret_exponent(salt, group_key, device_key, password), N)
    return {
        "Salt": base64.b64encode(padded(salt)).decode(),
        "PasswordVerifier": base64.b64encode(padded(verifier)).decode(),
    }


def totp(secret, steps=0):
    counter = int(time.time() // 30 + steps).to_bytes(8, "big")
    mac = hmac.new(base64.b32decode(secret + "=" * (-len(secret) % 8)), counter, hashlib.sha1).digest()
    offset = mac[-1] & 15
    return f"{(int.from_bytes(mac[offset:offset + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06d}"
