using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Pipes;
using ShimStack.Native.Polling;
using ShimStack.Native.Processes;
using ShimStack.Shim.Loop;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Stdio.Binaries;

/// <summary>
/// Starts a logging binary and waits until it says that it is ready: by a byte on descriptor 5, or by closing it. Only after that a
/// container may write. See contract chapter 4.6.
/// </summary>
internal sealed class LoggerStart(StdioContext context, string containerdNamespace)
{
    private const int OutputNumber = 3;
    private const int ErrorNumber = 4;
    private const int ReadyNumber = 5;

    // As long as the reference gives all other streams.
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(30);

    /// <summary>Starts the logger for <paramref name="process"/>.</summary>
    /// <exception cref="SyscallException">It cannot be started; names it.</exception>
    /// <exception cref="RpcException">It ended, or did not become ready in time; it is killed.</exception>
    public async Task<LoggingBinary> StartAsync(LoggerCommand command, string process, CancellationToken cancellation)
    {
        PipePair pipe = Pipe.Create();
        Files.SetNonBlocking(pipe.ReadEnd, true);
        using LoopDescriptor ready = new(context.Loop, pipe.ReadEnd, EpollEvents.EPOLLIN | EpollEvents.EPOLLRDHUP);
        LoggingBinary logger;
        using (pipe.WriteEnd)
        {
            logger = Spawn(command, process, pipe.WriteEnd);
        }

        try
        {
            bool said = await ReadAsync(ready, command, cancellation);
            Require(logger, command, said);
            logger.KeepReadEnds();
            return logger;
        }
        catch
        {
            logger.Kill();
            throw;
        }
    }

    private LoggingBinary Spawn(LoggerCommand command, string process, FileDescriptor ready)
    {
        LoggerPipe output = new();
        LoggerPipe errors = new();
        try
        {
            int pid = Spawner.Spawn(new SpawnRequest
            {
                Path = command.Path,
                Arguments = [command.Path, .. command.Arguments],
                Environment = [$"CONTAINER_ID={process}", $"CONTAINER_NAMESPACE={containerdNamespace}"],
                Descriptors = [new(output.ReadEnd, OutputNumber), new(errors.ReadEnd, ErrorNumber), new(ready, ReadyNumber)],
            });
            output.CloseReadEnd();
            errors.CloseReadEnd();
            return new LoggingBinary(context, pid, output, errors);
        }
        catch (SyscallException)
        {
            output.Dispose();
            errors.Dispose();
            throw;
        }
    }

    // True for a byte, false for the end.
    private async Task<bool> ReadAsync(LoopDescriptor ready, LoggerCommand command, CancellationToken cancellation)
    {
        using CancellationTokenSource time = new(ReadyLimit, context.Loop.Timers);
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation, time.Token);
        byte[] buffer = new byte[1];
        try
        {
            IoResult read;
            while ((read = Files.Read(ready.Descriptor, buffer)).WouldBlock)
            {
                await ready.ReadableAsync(limit.Token);
            }

            return read is { IsOk: true, IsEnd: false };
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            string text = $"logging binary {command.Path} did not say that it is ready within {ReadyLimit.TotalSeconds} s";
            throw new RpcException(RpcCode.DeadlineExceeded, text, e);
        }
    }

    // The end of the pipe alone does not tell a logger that is ready from one that has died.
    private static void Require(LoggingBinary logger, LoggerCommand command, bool said)
    {
        if (!said && command.MustSayReady)
        {
            throw RpcException.Unknown("logging binary did not call ready (it may have crashed or exited prematurely)");
        }

        if (logger.IsDying)
        {
            throw RpcException.Unknown($"logging binary {command.Path} has ended before its container was there");
        }

        if (logger.HasNoReader)
        {
            throw RpcException.Unknown($"logging binary {command.Path} has closed both streams that it is to read");
        }
    }
}
