using System.IO.Pipelines;

namespace ShimStack.Supervisor.Hosting;

/// <summary>The bytes of a connection, for a server that may complete them and yet does not close the connection; see <see cref="LingeringClose"/>.</summary>
/// <param name="transport">The bytes.</param>
internal sealed class OpenTransport(IDuplexPipe transport) : IDuplexPipe
{
    public PipeReader Input { get; } = new OpenReader(transport.Input);

    public PipeWriter Output { get; } = new OpenWriter(transport.Output);

    private sealed class OpenReader(PipeReader reader) : PipeReader
    {
        private SequencePosition? _held;

        public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
        {
            _held = null;
            reader.AdvanceTo(consumed, examined);
        }

        public override void CancelPendingRead() => reader.CancelPendingRead();

        // It stays open until its client closes; but who completes it may still hold what it has read last.
        public override void Complete(Exception? exception = null)
        {
            if (_held is SequencePosition end)
            {
                AdvanceTo(end);
            }
        }

        public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
        {
            ReadResult read = await reader.ReadAsync(cancellationToken);
            _held = read.Buffer.End;
            return read;
        }

        public override bool TryRead(out ReadResult result)
        {
            bool isThere = reader.TryRead(out result);
            _held = isThere ? result.Buffer.End : _held;
            return isThere;
        }
    }

    private sealed class OpenWriter(PipeWriter writer) : PipeWriter
    {
        public override bool CanGetUnflushedBytes => writer.CanGetUnflushedBytes;

        public override long UnflushedBytes => writer.UnflushedBytes;

        public override void Advance(int bytes) => writer.Advance(bytes);

        public override void CancelPendingFlush() => writer.CancelPendingFlush();

        public override void Complete(Exception? exception = null)
        {
            // It stays open until its client closes.
        }

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => writer.FlushAsync(cancellationToken);

        public override Memory<byte> GetMemory(int sizeHint = 0) => writer.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => writer.GetSpan(sizeHint);
    }
}
