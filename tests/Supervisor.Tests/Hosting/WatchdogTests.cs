using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using ShimStack.Supervisor.Hosting;

namespace ShimStack.Supervisor.Tests.Hosting;

public sealed class WatchdogTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly string _directory = Directory.CreateTempSubdirectory("shimstackd-").FullName;
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 10_000 };
    private readonly FakeTimeProvider _time = new();

    public WatchdogTests() => _socket.Bind(new UnixDomainSocketEndPoint(SocketPath));

    private string SocketPath => Path.Join(_directory, "notify");

    [Fact]
    public void TheServiceManagerIsTold()
    {
        ServiceManager manager = new(SocketPath, null);
        manager.Ready("serves on /x");
        manager.Stopping();
        Assert.Equal("READY=1\nSTATUS=serves on /x", Receive());
        Assert.Equal("STOPPING=1", Receive());
        Assert.Null(manager.Watchdog);
    }

    [Fact]
    public void AnAbstractSocketAndOneThatHasGoneAreFine()
    {
        using Socket other = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 10_000 };
        string name = Path.GetFileName(_directory);
        other.Bind(new UnixDomainSocketEndPoint("\0" + name));
        new ServiceManager("@" + name, null).Alive();
        byte[] buffer = new byte[100];
        Assert.Equal("WATCHDOG=1", Encoding.UTF8.GetString(buffer, 0, other.Receive(buffer)));
        new ServiceManager(SocketPath + ".gone", null).Alive();
        new ServiceManager(null, Limit).Alive();
    }

    [Fact]
    public async Task ASignOfLifeComesTwiceInTheTime()
    {
        await using Watchdog watchdog = Watchdog.Start(new ServiceManager(SocketPath, Limit), () => Task.CompletedTask, _time, NullLogger.Instance);
        for (int i = 0; i < 3; i++)
        {
            _time.Advance(Limit / 2);
            Assert.Equal("WATCHDOG=1", Receive());
        }
    }

    [Fact]
    public async Task WithoutAnAnswerThereIsNoSignOfLife()
    {
        int questions = 0;
        TaskCompletionSource[] answers = [new(), new()];
        await using Watchdog watchdog = Watchdog.Start(new ServiceManager(SocketPath, Limit), () => answers[questions++].Task, _time, NullLogger.Instance);
        _time.Advance(Limit / 2);
        _time.Advance(Limit / 2);
        Assert.Equal((1, 0), (questions, _socket.Available)); // and it does not ask twice at once
        answers[0].SetException(new InvalidOperationException("no"));
        _time.Advance(Limit / 2);
        Assert.Equal((2, 0), (questions, _socket.Available));
        answers[1].SetResult();
        Assert.Equal("WATCHDOG=1", Receive());
    }

    [Fact]
    public void AnUpgradeIsAnnouncedWithItsTime()
    {
        new ServiceManager(SocketPath, null).Reloading("is upgraded");
        Assert.Matches("^RELOADING=1\nMONOTONIC_USEC=[0-9]+\nSTATUS=is upgraded$", Receive());
    }

    [Fact]
    public void WhatTheEnvironmentSaysIsTakenOutOfIt()
    {
        Environment.SetEnvironmentVariable("NOTIFY_SOCKET", SocketPath);
        Environment.SetEnvironmentVariable("WATCHDOG_USEC", "30000000");
        ServiceManager manager = ServiceManager.FromEnvironment();
        Assert.Equal(Limit, manager.Watchdog);
        manager.Alive();
        Assert.Equal("WATCHDOG=1", Receive());
        Assert.Null(Environment.GetEnvironmentVariable("NOTIFY_SOCKET"));
        Environment.SetEnvironmentVariable("NOTIFY_SOCKET", SocketPath);
        Environment.SetEnvironmentVariable("WATCHDOG_USEC", "30000000");
        Environment.SetEnvironmentVariable("WATCHDOG_PID", "1");
        Assert.Null(ServiceManager.FromEnvironment().Watchdog); // somebody else is watched
    }

    [Theory]
    [InlineData("Type=notify")]
    [InlineData("KillMode=process")]
    [InlineData("ExecReload=/usr/bin/shimctl upgrade daemon")]
    [InlineData("Delegate=yes")]
    [InlineData("Restart=always")]
    [InlineData("RestartPreventExitStatus=64 78")]
    [InlineData("TasksMax=infinity")]
    [InlineData("OOMScoreAdjust=-999")]
    [InlineData("RuntimeDirectoryPreserve=yes")]
    public void TheUnitFileSaysWhatKeepsContainersAlive(string line) =>
        Assert.Contains(line, File.ReadAllLines(Path.Join(Repository.Directory, "eng/systemd/shimstackd.service")));

    public void Dispose()
    {
        _socket.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private string Receive()
    {
        byte[] buffer = new byte[1000];
        return Encoding.UTF8.GetString(buffer, 0, _socket.Receive(buffer));
    }
}
