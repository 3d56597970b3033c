# What the admin's guide supposes to be there: a certification authority outside the domain, its revocation
# list, and an agency's certificate of it with its key. Sourced in the guide's folder.
openssl_quiet() { openssl "$@" >>openssl.log 2>&1; }

openssl_quiet req -x509 -newkey rsa:3072 -nodes -keyout ca-pemerintah.key -out ca-pemerintah.pem -days 3650 \
  -subj "/C=ID/O=Pemerintah (CONTOH)/CN=CA Pemerintah (CONTOH)" \
  -addext "basicConstraints=critical,CA:TRUE" -addext "keyUsage=critical,keyCertSign,cRLSign"
openssl_quiet ecparam -name prime256v1 -genkey -noout -out kejari.ec
openssl_quiet pkcs8 -topk8 -nocrypt -in kejari.ec -out kejari.key
chmod 0600 kejari.key
openssl_quiet req -new -key kejari.key -subj "/C=ID/O=Kejaksaan (CONTOH)/CN=Jaksa CONTOH" -out kejari.csr
cat >kejari.ext <<'EXT'
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature,nonRepudiation
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
EXT
openssl_quiet x509 -req -in kejari.csr -CA ca-pemerintah.pem -CAkey ca-pemerintah.key -set_serial 0x1001 -days 365 \
  -extfile kejari.ext -out kejari.pem
: >ca.index
echo 01 >ca.crlnumber
cat >ca.cnf <<'CNF'
[ca]
default_ca = outside
[outside]
database = ca.index
crlnumber = ca.crlnumber
default_md = sha256
default_crl_days = 30
crl_extensions = crl
[crl]
authorityKeyIdentifier = keyid
CNF
openssl_quiet ca -config ca.cnf -gencrl -keyfile ca-pemerintah.key -cert ca-pemerintah.pem -out ca-pemerintah.crl
