namespace ShimStack.Ttrpc;

/// <summary>
/// What a stream adds so that a connection on it can be put down while the peer does not read: a write which tells how much of it went
/// out. A stream without it works too, but putting the connection down then waits until the write that is under way is through, because
/// <see cref="Stream.WriteAsync(ReadOnlyMemory{byte}, CancellationToken)"/> cannot say how far it came.
/// </summary>
public interface IPartialWriter
{
    /// <summary>Writes some of the data, as write(2) does: waits until at least one byte can go out.</summary>
    /// <param name="data">What to write; never empty.</param>
    /// <param name="cancellation">Ends the wait. A cancelled call has written nothing.</param>
    /// <returns>How many bytes went out, at least one.</returns>
    /// <exception cref="OperationCanceledException">Cancelled, nothing was written.</exception>
    /// <exception cref="IOException">The connection is gone.</exception>
    ValueTask<int> WriteSomeAsync(ReadOnlyMemory<byte> data, CancellationToken cancellation);
}
