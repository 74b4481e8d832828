import Glibc

/// How many files and sockets this process may have open.
enum FileDescriptors {
    /// Raises the limit to what the system allows without asking anybody.
    ///
    /// - Returns: the limit now; nil when the system does not tell.
    static func raise() -> Int? {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return nil }
        if limit.rlim_cur < limit.rlim_max {
            var higher = limit
            higher.rlim_cur = limit.rlim_max
            if setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &higher) == 0 { limit = higher }
        }
        return Int(clamping: limit.rlim_cur)
    }

    /// What connections of callers must leave to the database, to outside systems and to files.
    ///
    /// - Parameter needed: sockets to the database and to outside systems.
    static func connections(atMost wanted: Int, of limit: Int?, leaving needed: Int) -> Int {
        guard let limit else { return wanted }
        return max(8, min(wanted, limit - needed - 64))
    }
}
