using System.Net.Sockets;
using ShimStack.Api.HandOver;
using ShimStack.Native.Files;
using ShimStack.Supervisor.Hosting;
using ShimStack.Supervisor.Upgrade;

namespace ShimStack.Supervisor.Tests.Upgrade;

/// <summary>Two builds in one process: what the first has claimed the second has at once, and nobody else in between.</summary>
public sealed class KeptDescriptorsTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("shimstackd-").FullName;

    private string Address => Path.Join(_directory, "s.sock");

    [Fact]
    public async Task WhoConnectsBetweenTwoBuildsIsServedByTheSecond()
    {
        KeptDescriptors first = new() { GoOn = true };
        using (ListenPath path = ListenPath.Claim(Address, first))
        {
            path.Listen().Dispose();
        }

        using Socket client = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        client.Connect(new UnixDomainSocketEndPoint(Address));
        using ListenPath next = ListenPath.Claim(Address, Next(first));
        using Socket listening = next.Listen();
        using Socket served = await listening.AcceptAsync(TestContext.Current.CancellationToken);
        await served.SendAsync("x"u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.Equal(1, await client.ReceiveAsync(new byte[1], TestContext.Current.CancellationToken));
    }

    [Fact]
    public void ALockIsNeverFreeBetweenTwoBuilds()
    {
        KeptDescriptors first = new() { GoOn = true };
        OwnDirectory.Claim(_directory, "root", UnixFileMode.UserRead, first).Dispose();
        Assert.Throws<StartupException>(() => OwnDirectory.Claim(_directory, "root", UnixFileMode.UserRead));
        using OwnDirectory again = OwnDirectory.Claim(_directory, "root", UnixFileMode.UserRead, Next(first));
    }

    [Fact]
    public void WhatIsNotWhatItShouldBeIsNotTaken()
    {
        KeptDescriptors first = new() { GoOn = true };
        using (ListenPath path = ListenPath.Claim(Address, first))
        {
            path.Listen().Dispose();
        }

        File.Delete(Address); // its name is gone: nobody would find it
        using ListenPath next = ListenPath.Claim(Address, Next(first));
        using Socket listening = next.Listen();
        Assert.True(File.Exists(Address));
    }

    [Fact]
    public void WithoutANextBuildTheSocketIsTakenAway()
    {
        using (ListenPath path = ListenPath.Claim(Address))
        {
            path.Listen().Dispose();
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Address));
        }

        Assert.False(File.Exists(Address));
    }

    [Fact]
    public void WhatNobodyWantsIsClosed()
    {
        KeptDescriptors first = new();
        using (ListenPath path = ListenPath.Claim(Address, first))
        {
            path.Listen().Dispose();
        }

        KeptDescriptors next = Next(first);
        next.CloseUnclaimed();
        Assert.Empty(next.All());
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    // As execve would leave it: the same open files, under other numbers.
    private static KeptDescriptors Next(KeptDescriptors first)
    {
        KeptDescriptors next = new();
        next.Inherit(first.All().Select(kept => new KeptDescriptor { Name = kept.Name, Number = Files.Duplicate(kept.Descriptor).Release() }));
        foreach ((_, Native.FileDescriptor descriptor) in first.All())
        {
            descriptor.Dispose();
        }

        return next;
    }
}
