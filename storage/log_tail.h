// LogTail: where a log ends that a killed process, or a full disk, has left.
//
// Logs grow by steps of zeros ahead of what is written to them (rocks.cc). What RocksDB takes for
// the end of a log is the end of the file, so a record that was only half written, with zeros
// behind it instead of an end, would be damage to it, and the case would not open. Here the end is
// found: behind the last fragment that is whole, if nothing but the beginning of another one and
// zeros come after it. Anything else is damage, and stays for RocksDB to find.
//
// Source: the format of RocksDB's logs (blocks of 32 KiB, fragments with a header of a checksum, a
// length and a type), github.com/facebook/rocksdb/wiki/Write-Ahead-Log-File-Format.
#pragma once

#include <rocksdb/file_system.h>

#include <cstdint>
#include <memory>

namespace kb::storage {

/// Where the log that `file` reads from its beginning ends; UINT64_MAX if that is for RocksDB to
/// find out.
rocksdb::IOStatus FindLogEnd(rocksdb::FSSequentialFile& file, std::uint64_t* end);

/// A file that ends at `end`, at the latest.
std::unique_ptr<rocksdb::FSSequentialFile> EndAt(std::unique_ptr<rocksdb::FSSequentialFile> file,
                                                 std::uint64_t end);

}  // namespace kb::storage
