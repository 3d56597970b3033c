#include "agents/agency/keychain.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "base/bytes.h"
#include "certs/keyfile.h"

namespace rujukan::agency {
namespace {

bool Exists(const std::string& path) {
  return access(path.c_str(), F_OK) == 0;
}

std::string Next(std::string_view name) {
  return std::string(name) + std::string(kNextSuffix);
}

// The numbers of NAME.N in the home, highest first: the highest was set aside last.
std::vector<uint64_t> NumbersOf(const Home& home, std::string_view name) {
  std::vector<uint64_t> numbers;
  std::error_code error;
  const std::string prefix = std::string(name) + ".";
  for (const auto& item : std::filesystem::directory_iterator(home.directory(), error)) {
    const std::string file = item.path().filename().string();
    if (file.rfind(prefix, 0) != 0) {
      continue;
    }
    if (const auto number = ParseDecimal(std::string_view(file).substr(prefix.size())); number) {
      numbers.push_back(*number);
    }
  }
  std::sort(numbers.rbegin(), numbers.rend());
  return numbers;
}

// Names to read, in the order of a KeyChain's lists; the first must be there.
std::vector<std::string> FilesOf(const Home& home, std::string_view name) {
  std::vector<std::string> files{std::string(name)};
  if (Exists(home.PathOf(Next(name)))) {
    files.push_back(Next(name));
  }
  for (const uint64_t number : NumbersOf(home, name)) {
    files.push_back(std::string(name) + "." + std::to_string(number));
  }
  return files;
}

Result<HeldKey> ReadOne(const Home& home, const std::string& file, const std::string& passphrase) {
  ASSIGN_OR_RETURN(auto key, certs::ReadKeyFile(home.PathOf(file), passphrase));
  std::string spki = key.Public().Spki();
  return HeldKey{file, std::move(key), std::move(spki)};
}

Result<HeldTransport> ReadOneTransport(const Home& home, const std::string& file) {
  ASSIGN_OR_RETURN(auto keys, ReadTransportKey(home.PathOf(file)));
  return HeldTransport{file, std::move(keys)};
}

// Reads each file with `read`; only the first has to be readable.
template <class Held, class Read>
Result<std::vector<Held>> ReadAll(const std::vector<std::string>& files,
                                  std::vector<std::string>& unread,
                                  const Read& read) {
  std::vector<Held> held;
  for (const auto& file : files) {
    Result<Held> one = read(file);
    if (one) {
      held.push_back(std::move(*one));
    } else if (held.empty()) {
      return Fail(one.error());
    } else {
      unread.push_back(file);
    }
  }
  return held;
}

ino_t FileId(const std::string& path) {
  struct stat info {};
  return stat(path.c_str(), &info) == 0 ? info.st_ino : 0;
}

// Whether the key in use has a number already: an earlier change was interrupted after that step.
// A count of names would not do: backups make links, too.
bool HasNumber(const Home& home, const std::string& file, const std::vector<uint64_t>& numbers) {
  const ino_t id = FileId(home.PathOf(file));
  return std::any_of(numbers.begin(), numbers.end(), [&](uint64_t number) {
    return FileId(home.PathOf(file + "." + std::to_string(number))) == id;
  });
}

Result<void> SyncFolder(const std::string& folder) {
  const int fd = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = fd >= 0 && fsync(fd) == 0;
  if (fd >= 0) {
    close(fd);
  }
  if (!synced) {
    return Fail(Errc::kUnavailable, "cannot sync " + folder + ": " + std::strerror(errno));
  }
  return {};
}

Result<void> MakeNext(const Home& home, std::string_view name, const std::string& passphrase) {
  const std::string path = home.PathOf(Next(name));
  if (Exists(path)) {
    return {};
  }
  ASSIGN_OR_RETURN(const auto present,
                   certs::ReadKeyFile(home.PathOf(std::string(name)), passphrase));
  if (!present.exportable()) {
    return Fail(Errc::kInvalid,
                std::string(name) +
                    " is in a token: make the new key there too, put its reference "
                    "into " +
                    path + ", then rotate again");
  }
  return certs::WriteKeyFile(path, certs::PrivateKey::Generate(), passphrase);
}

}  // namespace

Result<KeyChain> ReadKeyChain(const Home& home, const std::string& passphrase) {
  ASSIGN_OR_RETURN(auto in_use, ReadKeys(home, passphrase));
  KeyChain chain{{}, {}, {}, std::move(in_use.store), {}};
  const auto read = [&](const std::string& file) { return ReadOne(home, file, passphrase); };
  const auto read_raw = [&](const std::string& file) { return ReadOneTransport(home, file); };
  ASSIGN_OR_RETURN(chain.signing,
                   ReadAll<HeldKey>(FilesOf(home, kSigningFile), chain.unread, read));
  ASSIGN_OR_RETURN(chain.encryption,
                   ReadAll<HeldKey>(FilesOf(home, kEncryptionFile), chain.unread, read));
  ASSIGN_OR_RETURN(chain.transport,
                   ReadAll<HeldTransport>(FilesOf(home, kTransportFile), chain.unread, read_raw));
  return chain;
}

const HeldKey* FindHeld(const std::vector<HeldKey>& keys, const std::string& spki) {
  const auto found = std::find_if(
      keys.begin(), keys.end(), [&](const HeldKey& held) { return held.spki == spki; });
  return found == keys.end() ? nullptr : &*found;
}

const HeldTransport* FindHeld(const std::vector<HeldTransport>& keys, std::string_view public_key) {
  const auto found = std::find_if(keys.begin(), keys.end(), [&](const HeldTransport& held) {
    return held.keys.public_key.view() == public_key;
  });
  return found == keys.end() ? nullptr : &*found;
}

const HeldTransport* NextOf(const std::vector<HeldTransport>& keys) {
  const auto found = std::find_if(keys.begin(), keys.end(), [](const HeldTransport& held) {
    return held.file == Next(kTransportFile);
  });
  return found == keys.end() ? nullptr : &*found;
}

Result<void> MakeNextKeys(const Home& home, const std::string& passphrase) {
  RETURN_IF_ERROR(MakeNext(home, kSigningFile, passphrase));
  RETURN_IF_ERROR(MakeNext(home, kEncryptionFile, passphrase));
  return WriteTransportKey(home.PathOf(Next(kTransportFile)));
}

std::vector<FileMove> PlanPromotion(const Home& home, std::string_view name) {
  const std::string file(name);
  if (!Exists(home.PathOf(Next(name)))) {
    return {};
  }
  std::vector<FileMove> moves;
  const auto numbers = NumbersOf(home, name);
  if (!HasNumber(home, file, numbers)) {
    const uint64_t free = numbers.empty() ? 1 : numbers.front() + 1;
    moves.push_back({/*link=*/true, file, file + "." + std::to_string(free)});
  }
  moves.push_back({/*link=*/false, Next(name), file});
  return moves;
}

Result<void> Apply(const Home& home, const FileMove& move) {
  const std::string from = home.PathOf(move.from);
  const std::string to = home.PathOf(move.to);
  const int done =
      move.link ? ::link(from.c_str(), to.c_str()) : std::rename(from.c_str(), to.c_str());
  if (done != 0) {
    return Fail(Errc::kUnavailable,
                "cannot put " + from + " at " + to + ": " + std::strerror(errno) +
                    "; free disk space or mend the rights of the home, then start again");
  }
  return SyncFolder(home.directory());
}

}  // namespace rujukan::agency
