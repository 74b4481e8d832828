import CNATS
import Dispatch
import Synchronization

/// What the broker answered to messages that were published without waiting.
///
/// libnats answers on a thread of its own, and may do so after everything else is gone; it is therefore given a number to
/// look the receiver up by, never an address.
final class Acknowledgements: Sendable {
    private struct State {
        var highest: UInt64 = 0
        var failure: BrokerFailure?
    }

    private static let receivers = Mutex<(next: UInt, byNumber: [UInt: Acknowledgements])>((1, [:]))

    private let state = Mutex(State())
    private let bell = DispatchSemaphore(value: 0)
    private let number: UInt

    private init(_ number: UInt) {
        self.number = number
    }

    static func make() -> Acknowledgements {
        receivers.withLock { receivers in
            let made = Acknowledgements(receivers.next)
            receivers.byNumber[receivers.next] = made
            receivers.next += 1
            return made
        }
    }

    func forget() {
        Self.receivers.withLock { $0.byNumber[number] = nil }
    }

    var closure: UnsafeMutableRawPointer? { UnsafeMutableRawPointer(bitPattern: number) }

    static let handler:
        @Sendable @convention(c) (
            OpaquePointer?, OpaquePointer?, UnsafeMutablePointer<jsPubAck>?, UnsafeMutablePointer<jsPubAckErr>?,
            UnsafeMutableRawPointer?
        ) -> Void = { _, message, acknowledgement, refusal, closure in
            defer { natsMsg_Destroy(message) }
            let number = UInt(bitPattern: closure)
            guard let receiver = receivers.withLock({ $0.byNumber[number] }) else { return }
            receiver.note(acknowledgement, refusal)
        }

    private func note(_ acknowledgement: UnsafeMutablePointer<jsPubAck>?, _ refusal: UnsafeMutablePointer<jsPubAckErr>?) {
        let sequence = acknowledgement?.pointee.Sequence
        let failure = refusal.map { refusal in
            BrokerFailure(
                status: refusal.pointee.Err, code: UInt32(refusal.pointee.ErrCode.rawValue), doing: "storing an event")
        }
        state.withLock { state in
            if let sequence { state.highest = max(state.highest, sequence) }
            state.failure = state.failure ?? failure
        }
        bell.signal()
    }

    /// Blocks until so many answers are there; each of them has to be on its way already.
    ///
    /// - Returns: the highest sequence that is stored, and the first refusal.
    func take(_ count: Int) -> (highest: UInt64, failure: BrokerFailure?) {
        for _ in 0..<count { bell.wait() }
        return state.withLock { state in
            defer { state = State() }
            return (state.highest, state.failure)
        }
    }
}
