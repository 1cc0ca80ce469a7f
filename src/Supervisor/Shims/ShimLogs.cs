using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Supervisor.Hosting;
using ShimStack.Supervisor.Processes;

namespace ShimStack.Supervisor.Shims;

/// <summary>What shims have to say goes to our own log, as they wrote it: they write whole lines of at most PIPE_BUF bytes. See pipe(7).</summary>
internal sealed class ShimLogs(DescriptorLoop loop, ILogger<ShimLogs> logger)
{
    private const int PipeBuffer = 64 * 1024;

    /// <summary>Reads a shim's log from now on. The FIFO is opened for both, so it has no end until the reading is disposed.</summary>
    /// <returns>Ends the reading; null if there is no FIFO, which is told.</returns>
    public IDisposable? Follow(Bundle bundle)
    {
        try
        {
            return new Reading(loop, Files.Open(bundle.LogFifo, OpenFlags.O_RDWR | OpenFlags.O_NONBLOCK));
        }
        catch (SyscallException e)
        {
            logger.LogNotRead(bundle.LogFifo, e.Message);
            return null;
        }
    }

    private sealed class Reading : IDisposable
    {
        private readonly DescriptorLoop _loop;
        private readonly FileDescriptor _fifo;
        private readonly ulong _tag;

        public Reading(DescriptorLoop loop, FileDescriptor fifo)
        {
            (_loop, _fifo) = (loop, fifo);
            _tag = loop.Register(fifo, Copy);
        }

        public void Dispose() => _loop.Post(() =>
        {
            Copy();
            _loop.Forget(_fifo, _tag);
            _fifo.Dispose();
        });

        private void Copy()
        {
            Span<byte> buffer = stackalloc byte[PipeBuffer];
            IoResult read = Files.Read(_fifo, buffer);
            if (read.IsOk)
            {
                _ = Files.Write(StandardStreams.Error, buffer[..read.Count]); // there is nobody to tell that a log is gone
            }
        }
    }
}
