using System.Diagnostics;
using System.Net.Sockets;
using ShimStack.Drill.Live;

namespace ShimStack.Drill.Tests.Live;

public sealed class DaemonProcessTests
{
    [Fact]
    public void AnotherProcessWithTheSameWordsIsASuccessorAndItselfIsNone()
    {
        using Process first = Start("one");
        using Process second = Start("one");
        using Process other = Start("other");
        try
        {
            DaemonProcess daemon = DaemonProcess.TryRead(first.Id)!;
            Assert.True(DaemonProcess.TryRead(second.Id)!.IsSuccessorOf(daemon));
            Assert.False(DaemonProcess.TryRead(first.Id)!.IsSuccessorOf(daemon));
            Assert.False(DaemonProcess.TryRead(other.Id)!.IsSuccessorOf(daemon));
        }
        finally
        {
            Array.ForEach([first, second, other], process => process.Kill());
        }
    }

    [Fact]
    public void AProcessThatIsNotThereIsNone() => Assert.Null(DaemonProcess.TryRead(int.MaxValue));

    [Fact]
    public void TheOwnerOfASocketIsWhoListens()
    {
        string path = Path.Combine(Path.GetTempPath(), $"owner-{Guid.NewGuid():N}"[..20]);
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        try
        {
            Assert.StartsWith($"nobody listens on {path} (ECONNREFUSED)", Assert.Throws<DrillException>(() => DaemonSocket.Owner(path)).Message, StringComparison.Ordinal);
            socket.Listen();
            Assert.Equal(Environment.ProcessId, DaemonSocket.Owner(path).Pid);
        }
        finally
        {
            File.Delete(path);
        }

        Assert.Null(DaemonSocket.TryOwner(path));
    }

    // A shell that waits for an end of input that does not come.
    private static Process Start(string word) =>
        Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "read x", word]) { RedirectStandardInput = true })!;
}
