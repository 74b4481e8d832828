import Foundation

/// A number that tells this thread from every other one that is running.
func currentThread() -> UInt { UInt(pthread_self()) }
