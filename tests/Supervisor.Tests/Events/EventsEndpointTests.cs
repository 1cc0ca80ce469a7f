using System.Net.Sockets;
using Grpc.Core;
using ShimStack.Api.Types;
using ShimStack.Supervisor.Events;
using ShimStack.Supervisor.Hosting;
using ShimStack.Ttrpc;
using RpcException = ShimStack.Ttrpc.RpcException;

namespace ShimStack.Supervisor.Tests.Events;

public sealed class EventsEndpointTests
{
    [Fact]
    public async Task WhatAShimForwardsReachesSubscribersAsItCame()
    {
        await using EventsHost host = await EventsHost.StartAsync();
        using AsyncServerStreamingCall<Envelope> call = await host.NewClient().SubscribeAsync();
        await using TtrpcClient shim = await host.NewShimAsync();
        Envelope exit = Event.Exit("c", 10, 3);
        await EventsHost.ForwardAsync(shim, exit);
        Assert.Equal(exit, await EventsClient.NextAsync(call));
    }

    [Fact]
    public async Task AnEventThatContainerdWouldNotTakeIsRefusedAndTheNextTaken()
    {
        await using EventsHost host = await EventsHost.StartAsync();
        await using TtrpcClient shim = await host.NewShimAsync();
        RpcException refusal = await Assert.ThrowsAsync<RpcException>(() => EventsHost.ForwardAsync(shim, new Envelope()));
        Assert.Equal(RpcCode.InvalidArgument, refusal.Code);
        await EventsHost.ForwardAsync(shim, Event.Plain());
    }

    [Theory]
    [InlineData("ffffffff00000001010000")] // a length of 4 GiB
    [InlineData("00000004000000010100ffffffff")] // no request
    [InlineData("00000004000000020100ffffffff")] // an even stream
    [InlineData("0000000a00")] // ends within the header
    [InlineData("474554202f20485454502f312e310d0a0d0a")] // HTTP
    public async Task MalformedFramesEndNothingButTheirConnection(string hex)
    {
        await using EventsHost host = await EventsHost.StartAsync();
        await using TtrpcClient shim = await host.NewShimAsync();
        using (Socket stranger = await host.ConnectTtrpcAsync())
        {
            await stranger.SendAsync(Convert.FromHexString(hex));
            stranger.Shutdown(SocketShutdown.Send);
            byte[] answer = new byte[4096];
            CancellationToken cancellation = TestContext.Current.CancellationToken;
            while (await stranger.ReceiveAsync(answer, cancellation).AsTask().WaitAsync(Limit.Time, cancellation) > 0)
            {
                // Whatever it is told, in the end the connection is closed.
            }
        }

        await EventsHost.ForwardAsync(shim, Event.Plain());
        await using TtrpcClient next = await host.NewShimAsync();
        await EventsHost.ForwardAsync(next, Event.Plain());
        Assert.Equal(2, host.Journal.Recorded);
    }

    [Fact]
    public async Task TheSocketIsOurs()
    {
        await using EventsHost host = await EventsHost.StartAsync();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(host.Settings.TtrpcAddress));
        StartupException refusal = Assert.Throws<StartupException>(
            () => EventsEndpoint.Open(host.Settings, host.Journal, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance));
        Assert.Contains(host.Settings.TtrpcAddress, refusal.Message, StringComparison.Ordinal);
    }
}
