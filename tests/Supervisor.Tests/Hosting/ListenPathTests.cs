using System.Net.Sockets;
using ShimStack.Supervisor.Hosting;

namespace ShimStack.Supervisor.Tests.Hosting;

public sealed class ListenPathTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("shimstackd-").FullName;

    private string Address => Path.Join(_directory, "s.sock");

    [Theory]
    [InlineData(SocketType.Stream)]
    [InlineData(SocketType.Dgram)]
    [InlineData(SocketType.Seqpacket)]
    public void ASocketOfAnotherProgramIsLeftAlone(SocketType type)
    {
        using Socket other = new(AddressFamily.Unix, type, ProtocolType.Unspecified);
        other.Bind(new UnixDomainSocketEndPoint(Address));
        if (type != SocketType.Dgram)
        {
            other.Listen();
        }

        Assert.Contains("in use by another program", Assert.Throws<StartupException>(() => ListenPath.Claim(Address)).Message, StringComparison.Ordinal);
        Assert.True(File.Exists(Address));
    }

    [Fact]
    public async Task ASocketOfAProgramThatIsTooBusyToAcceptIsInUse()
    {
        using Socket other = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        other.Bind(new UnixDomainSocketEndPoint(Address));
        other.Listen(0);
        using Socket only = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        only.Connect(new UnixDomainSocketEndPoint(Address)); // the backlog is full
        Task claim = Task.Run(() => Assert.Throws<StartupException>(() => ListenPath.Claim(Address)), TestContext.Current.CancellationToken);
        await claim.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void ASocketOfADeadProgramIsTakenAway()
    {
        using (Socket dead = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(Address));
        }

        using ListenPath claimed = ListenPath.Claim(Address);
        Assert.False(File.Exists(Address));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
