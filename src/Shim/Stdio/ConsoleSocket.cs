using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Polling;
using ShimStack.Native.Sockets;
using ShimStack.Native.Terminals;
using ShimStack.Shim.Loop;

namespace ShimStack.Shim.Stdio;

/// <summary>
/// The socket by which a runtime hands over the master of a new terminal: one connection, one message with one descriptor.
/// It lives in a directory of its own, which goes away with it. See contract chapter 4.5.
/// </summary>
internal sealed class ConsoleSocket : IDisposable
{
    private const int MaxNameLength = 4096;
    private readonly EventLoop _loop;
    private readonly string _directory;
    private readonly LoopDescriptor _listener;

    private ConsoleSocket(EventLoop loop, string directory, LoopDescriptor listener)
    {
        _loop = loop;
        _directory = directory;
        _listener = listener;
        SocketPath = SocketIn(directory);
    }

    /// <summary>What goes to the runtime as <c>--console-socket</c>.</summary>
    public string SocketPath { get; }

    /// <summary>Makes the directory (0700) and listens.</summary>
    /// <exception cref="SyscallException">Directory or socket could not be made; names the path.</exception>
    public static ConsoleSocket Listen(EventLoop loop)
    {
        string parent = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } runtime ? runtime : Path.GetTempPath();
        string directory = Path.Join(parent, $"pty{Guid.NewGuid().ToString("N")[..12]}");
        Files.MakeDirectory(directory, 0b111_000_000);
        try
        {
            return new ConsoleSocket(loop, directory, new LoopDescriptor(loop, UnixSocket.Listen(SocketIn(directory)), EpollEvents.EPOLLIN));
        }
        catch (SyscallException)
        {
            Remove(directory);
            throw;
        }
    }

    /// <summary>The master of the terminal, non-blocking.</summary>
    /// <exception cref="IOException">What came is not one terminal.</exception>
    /// <exception cref="OperationCanceledException">Nothing came in time.</exception>
    public async Task<FileDescriptor> ReceiveAsync(CancellationToken cancellation)
    {
        FileDescriptor? accepted;
        while (!UnixSocket.TryAccept(_listener.Descriptor, out accepted))
        {
            await _listener.ReadableAsync(cancellation);
        }

        using LoopDescriptor connection = new(_loop, accepted, EpollEvents.EPOLLIN | EpollEvents.EPOLLRDHUP);
        byte[] name = new byte[MaxNameLength];
        while (true)
        {
            DescriptorMessage message = UnixSocket.ReceiveDescriptors(connection.Descriptor, name);
            if (!message.Data.WouldBlock)
            {
                return Judge(message);
            }

            await connection.ReadableAsync(cancellation);
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        Remove(_directory);
    }

    private static string SocketIn(string directory) => Path.Join(directory, "pty.sock");

    private static void Remove(string directory)
    {
        Files.TryUnlink(SocketIn(directory));
        Files.RemoveDirectory(directory);
    }

    private static FileDescriptor Judge(DescriptorMessage message)
    {
        if (message.Data.IsOk && message.Data.Count > 0 && message.Descriptors is [FileDescriptor master] && Terminal.IsTerminal(master))
        {
            Files.SetNonBlocking(master, true);
            return master;
        }

        foreach (FileDescriptor descriptor in message.Descriptors)
        {
            descriptor.Dispose();
        }

        throw new IOException("the runtime did not send exactly one terminal");
    }
}
