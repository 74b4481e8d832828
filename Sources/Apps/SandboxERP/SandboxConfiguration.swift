import Vocabulary

/// Where the sandbox listens, who may enter, and what company it plays.
package struct SandboxConfiguration: Sendable {
    package var host: String
    /// 0 takes any free port; `onRunning` tells which.
    package var port: Int
    /// The key that callers show as `Authorization: Bearer KEY`.
    package var key: String
    package var seed: UInt64
    /// How many further places keep what the warehouse in Atlanta keeps.
    package var branches: Int
    /// A company made beforehand, for many ERPs with the same one; nil makes it from the seed.
    package var sample: SampleDistributor?
    /// How it behaves until told otherwise over `POST /adversary`.
    package var adversary: Adversary
    package var clock: WallClock

    package init(
        host: String = "127.0.0.1", port: Int = 8765, key: String = "sandbox", seed: UInt64 = 1,
        branches: Int = 0, sample: SampleDistributor? = nil, adversary: Adversary = Adversary(), clock: WallClock
    ) {
        self.host = host
        self.port = port
        self.key = key
        self.seed = seed
        self.branches = branches
        self.sample = sample
        self.adversary = adversary
        self.clock = clock
    }
}
