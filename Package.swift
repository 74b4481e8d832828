// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

extension Target.Dependency {
    static let argumentParser: Self = .product(name: "ArgumentParser", package: "swift-argument-parser")
    static let asyncHTTPClient: Self = .product(name: "AsyncHTTPClient", package: "async-http-client")
    static let crypto: Self = .product(name: "Crypto", package: "swift-crypto")
    static let grdb: Self = .product(name: "GRDB", package: "GRDB.swift")
    static let sqlite: Self = .product(name: "GRDBSQLite", package: "GRDB.swift")
    static let hummingbird: Self = .product(name: "Hummingbird", package: "hummingbird")
    static let logging: Self = .product(name: "Logging", package: "swift-log")
    static let metrics: Self = .product(name: "CoreMetrics", package: "swift-metrics")
    static let nioCore: Self = .product(name: "NIOCore", package: "swift-nio")
    static let nioCompression: Self = .product(name: "NIOHTTPCompression", package: "swift-nio-extras")
    static let nioHTTP1: Self = .product(name: "NIOHTTP1", package: "swift-nio")
    static let nioPosix: Self = .product(name: "NIOPosix", package: "swift-nio")
    static let serviceLifecycle: Self = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
    static let unixSignals: Self = .product(name: "UnixSignals", package: "swift-service-lifecycle")
    static let yaml: Self = .product(name: "Yams", package: "Yams")
}

/// A library target at `Sources/<floor>/<name>`; `imports` is all that it may import.
func module(_ floor: String, _ name: String, imports: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: imports, path: "Sources/\(floor)/\(name)", swiftSettings: settings)
}

/// A connector: it may know the canonical model and the kit, and nothing else of ours.
func connector(_ name: String, imports extra: [Target.Dependency] = []) -> Target {
    module("Connectors", name, imports: ["ConnectorKit", "CanonicalModel", "Governance", "Vocabulary"] + extra)
}

/// The tests of one target at `Tests/<subject>Tests`.
func tests(_ subject: String, imports extra: [Target.Dependency] = []) -> Target {
    .testTarget(name: "\(subject)Tests", dependencies: [.byName(name: subject)] + extra, swiftSettings: settings)
}

/// Tests that belong to no single target, at `Tests/<name>`.
func suite(_ name: String, imports: [Target.Dependency] = [], beside exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: imports, path: "Tests/\(name)", exclude: exclude, swiftSettings: settings)
}

let ground: [Target] = [
    .systemLibrary(name: "CZlib", path: "Sources/Ground/CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CLibPQ", path: "Sources/Ground/CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    module("Ground", "Vocabulary", imports: [.crypto]),
    module("Ground", "Threads"),
    module("Ground", "Observability", imports: ["Vocabulary", .logging, .metrics]),
    module("Ground", "Storage", imports: ["Vocabulary"]),
    module("Ground", "StorageSQLite", imports: ["Storage", "Vocabulary", .grdb, .sqlite]),
    module("Ground", "StoragePostgres", imports: ["Storage", "Threads", "Vocabulary", "CLibPQ"]),
]

let model: [Target] = [
    module("Model", "CanonicalModel", imports: ["Vocabulary"]),
    module("Model", "CanonicalStore", imports: ["CanonicalModel", "Storage", "Vocabulary"]),
    module("Model", "Planning", imports: ["Vocabulary"]),
    module("Model", "Governance", imports: ["CanonicalModel", "Vocabulary", .yaml]),
]

let flow: [Target] = [
    module("Flow", "EventLog", imports: ["Storage", "Vocabulary", .crypto]),
    module(
        "Flow", "Replenishment",
        imports: [
            "CanonicalModel", "CanonicalStore", "ConnectorKit", "EventLog", "Governance", "Observability", "Planning",
            "Storage", "Vocabulary", .logging, .metrics,
        ]),
    module(
        "Flow", "Cycles",
        imports: [
            "CanonicalModel", "CanonicalStore", "ConnectorKit", "EventLog", "Governance", "Observability", "Planning",
            "Replenishment", "Storage", "Threads", "Vocabulary", .logging,
        ]),
    .systemLibrary(name: "CNATS", path: "Sources/Flow/CNATS", pkgConfig: "libnats", providers: [.apt(["libnats-dev"])]),
    module(
        "Flow", "EventRelay",
        imports: [
            "CNATS", "CanonicalModel", "ConnectorKit", "Cycles", "EventLog", "Observability", "Storage", "Threads", "Vocabulary",
            .logging, .metrics,
        ]),
]

let connectors: [Target] = [
    module(
        "Connectors", "ConnectorKit",
        imports: [
            "CanonicalModel", "Governance", "Vocabulary", .asyncHTTPClient, .nioCompression, .nioCore, .nioHTTP1, .nioPosix,
        ]),
    connector("FlatFiles"),
    connector("Sandbox"),
    connector("Tryton"),
]

let apis: [Target] = [
    module(
        "APIs", "Gateway",
        imports: [
            "CanonicalModel", "ConnectorKit", "Governance", "Observability", "Storage", "Vocabulary", .hummingbird, .logging,
            .metrics, .nioCore,
        ]),
    module(
        "APIs", "SystemAPI",
        imports: [
            "CanonicalModel", "CanonicalStore", "ConnectorKit", "Cycles", "EventLog", "FlatFiles", "Gateway", "Governance",
            "Replenishment", "Storage", "Vocabulary", .hummingbird, .nioCore,
        ]),
    module(
        "APIs", "ProcessAPI",
        imports: [
            "CanonicalModel", "CanonicalStore", "Cycles", "EventLog", "Gateway", "Governance", "Planning", "Replenishment",
            "Storage",
            "Vocabulary", .hummingbird, .nioCore,
        ]),
    module(
        "APIs", "ConsumptionAPI",
        imports: [
            "CanonicalModel", "CanonicalStore", "Cycles", "EventLog", "Gateway", "Governance", "Replenishment", "Storage",
            "Vocabulary",
            .hummingbird, .nioCore,
        ]),
]

let apps: [Target] = [
    module("Apps", "Workbench", imports: ["CZlib", "Planning", "Vocabulary"]),
    module("Apps", "SandboxERP", imports: ["Vocabulary", .hummingbird, .logging, .nioCore]),
    module(
        "Apps", "Server",
        imports: [
            "CanonicalModel", "CanonicalStore", "ConnectorKit", "ConsumptionAPI", "Cycles", "EventLog", "EventRelay",
            "FlatFiles", "Gateway",
            "Governance", "Observability", "Planning", "ProcessAPI", "Replenishment", "Sandbox", "Storage", "StoragePostgres",
            "StorageSQLite", "SystemAPI", "Tryton", "Vocabulary", .hummingbird, .logging, .metrics, .nioCore, .serviceLifecycle,
            .unixSignals, .yaml,
        ]),
    .executableTarget(
        name: "plimsoll",
        dependencies: [
            "CanonicalModel", "ConnectorKit", "EventLog", "Planning", "SandboxERP", "Server", "Storage", "Vocabulary",
            "Workbench", .argumentParser, .asyncHTTPClient, .logging, .nioCore, .nioHTTP1,
        ],
        path: "Sources/Apps/plimsoll", swiftSettings: settings),
]

let checks: [Target] = [
    .target(
        name: "TestBackends", dependencies: ["Storage", "StorageSQLite", "StoragePostgres", "Vocabulary"],
        path: "Tests/TestBackends", swiftSettings: settings),
    tests("Storage", imports: ["Vocabulary"]),
    suite("StorageConformanceTests", imports: ["Storage", "StoragePostgres", "StorageSQLite", "TestBackends", "Vocabulary"]),
    .target(
        name: "Simulation",
        dependencies: [
            "CanonicalModel", "CanonicalStore", "ConnectorKit", "EventLog", "Governance", "Replenishment", "Storage",
            "StorageSQLite", "Vocabulary", .logging,
        ],
        path: "Tests/Simulation", swiftSettings: settings),
    .executableTarget(
        name: "simulate", dependencies: ["Simulation", "Vocabulary"], path: "Tests/Simulate", swiftSettings: settings),
    suite("SimulationTests", imports: ["Simulation", "Storage", "Vocabulary"]),
    suite(
        "FaultsTests",
        imports: [
            "ConnectorKit", "Gateway", "Server", "Storage", "StoragePostgres", "StorageSQLite", "TestBackends", "Vocabulary",
            "plimsoll",
        ], beside: ["World/durable.c"]),
    suite("Tidy", beside: ["migrations.lock"]),
    tests("EventLog", imports: ["Storage", "TestBackends", "Vocabulary"]),
    tests("Vocabulary"),
    tests(
        "EventRelay",
        imports: [
            "CanonicalModel", "CanonicalStore", "ConnectorKit", "Cycles", "EventLog", "Governance", "Replenishment", "Storage",
            "TestBackends", "Vocabulary", .logging,
        ]),
    tests(
        "Replenishment",
        imports: [
            "CanonicalModel", "CanonicalStore", "ConnectorKit", "EventLog", "Governance", "Storage", "TestBackends", "Vocabulary",
            .logging,
        ]),
    tests("CanonicalModel", imports: ["Vocabulary"]),
    tests("CanonicalStore", imports: ["CanonicalModel", "Storage", "TestBackends", "Vocabulary"]),
    tests(
        "Cycles",
        imports: [
            "CanonicalModel", "CanonicalStore", "ConnectorKit", "EventLog", "Governance", "Replenishment", "Sandbox", "Storage",
            "StoragePostgres", "TestBackends", "TestSandbox", "Threads", "Vocabulary", .logging,
        ]),
    tests("Observability", imports: [.metrics]),
    suite(
        "APITests",
        imports: [
            "CanonicalModel", "CanonicalStore", "ConnectorKit", "ConsumptionAPI", "Cycles", "EventLog", "Gateway", "Governance",
            "Observability", "ProcessAPI", "Replenishment", "Storage", "SystemAPI", "TestBackends", "Vocabulary",
            .asyncHTTPClient,
            .hummingbird, .logging, .metrics, .nioCore, .nioHTTP1,
        ]),
    tests("Planning", imports: ["Vocabulary"]),
    tests("Workbench", imports: ["Planning", "Vocabulary"]),
    tests("Governance", imports: ["CanonicalModel", "Vocabulary"]),
    .target(
        name: "ConnectorConformance", dependencies: ["CanonicalModel", "ConnectorKit", "Governance", "Vocabulary"],
        path: "Tests/ConnectorConformance", swiftSettings: settings),
    tests("FlatFiles", imports: ["CanonicalModel", "ConnectorConformance", "ConnectorKit", "Vocabulary"]),
    tests("ConnectorKit", imports: ["CanonicalModel", "ConnectorConformance", "Vocabulary", .nioCore, .nioPosix]),
    .target(
        name: "TestSandbox", dependencies: ["SandboxERP", "Vocabulary", .asyncHTTPClient, .nioCore, .nioHTTP1],
        path: "Tests/TestSandbox", swiftSettings: settings),
    tests("SandboxERP", imports: ["TestSandbox", "Vocabulary"]),
    tests(
        "Sandbox",
        imports: [
            "CanonicalModel", "ConnectorConformance", "ConnectorKit", "Governance", "SandboxERP", "TestSandbox", "Vocabulary",
        ]),
    .testTarget(
        name: "TrytonTests",
        dependencies: ["CanonicalModel", "ConnectorConformance", "ConnectorKit", "Governance", "Tryton", "Vocabulary"],
        resources: [.copy("Recordings")], swiftSettings: settings),
]

let package = Package(
    name: "plimsoll",
    products: [.executable(name: "plimsoll", targets: ["plimsoll"])],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1"),
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
        .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics.git", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras.git", from: "1.35.2"),
        .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.2"),
    ],
    targets: ground + model + flow + connectors + apis + apps + checks,
    swiftLanguageModes: [.v6]
)
