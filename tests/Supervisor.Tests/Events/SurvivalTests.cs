using System.Diagnostics;
using System.Net.Sockets;
using ShimStack.Supervisor.Configuration;
using ShimStack.Supervisor.Data;
using ShimStack.Ttrpc;

namespace ShimStack.Supervisor.Tests.Events;

public sealed class SurvivalTests : IDisposable
{
    private const int Rounds = 3;
    private const int Senders = 4;
    private const int Enough = 100;

    private readonly string _directory = Directory.CreateTempSubdirectory("shimstackd-").FullName;

    [Fact]
    public async Task EverythingThatWasAcknowledgedSurvivesSigkill()
    {
        SupervisorSettings settings = new() { Root = Path.Join(_directory, "root"), Address = Path.Join(_directory, "sock") };
        List<string> acknowledged = [];
        for (int round = 0; round < Rounds; round++)
        {
            using Process daemon = Process.Start(
                Path.Join(AppContext.BaseDirectory, "shimstackd"),
                ["--address", settings.Address, "--state", Path.Join(_directory, "state"), "--root", settings.Root]);
            try
            {
                await using TtrpcClient shim = new(await ConnectAsync(settings.TtrpcAddress), new TtrpcClientOptions());
                IEnumerable<string> prefixes = Enumerable.Range(0, Senders).Select(sender => $"/r{round}/s{sender}");
                Task<List<string>>[] senders = [.. prefixes.Select(prefix => ForwardUntilItDiesAsync(shim, prefix, daemon))];
                acknowledged.AddRange((await Task.WhenAll(senders)).SelectMany(topics => topics));
            }
            finally
            {
                daemon.Kill();
                await daemon.WaitForExitAsync(TestContext.Current.CancellationToken);
            }
        }

        await using Database database = Database.Open(settings.DatabasePath);
        List<string> recorded = await database.WriteAsync(c => c.Rows("SELECT topic FROM events", row => row.GetString(0)));
        Assert.True(acknowledged.Count >= Rounds * Senders * Enough, $"only {acknowledged.Count} were acknowledged");
        Assert.Empty(acknowledged.Except(recorded));
        Assert.InRange(recorded.Count, acknowledged.Count, acknowledged.Count + (Rounds * Senders)); // each had one under way
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    // SIGKILL comes from the one that has had enough first, while the others send.
    private static async Task<List<string>> ForwardUntilItDiesAsync(TtrpcClient shim, string prefix, Process daemon)
    {
        List<string> acknowledged = [];
        try
        {
            while (true)
            {
                string topic = $"{prefix}/e{acknowledged.Count}";
                await EventsHost.ForwardAsync(shim, Event.Plain(topic));
                acknowledged.Add(topic);
                if (acknowledged.Count == Enough * 2)
                {
                    daemon.Kill();
                }
            }
        }
        catch (RpcException e) when (e.Code == RpcCode.Unavailable)
        {
            return acknowledged;
        }
    }

    private static async Task<NetworkStream> ConnectAsync(string path)
    {
        using CancellationTokenSource limit = new(Limit.Time);
        while (true)
        {
            Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), limit.Token);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException)
            {
                socket.Dispose();
                await Task.Delay(10, limit.Token); // it is not there yet, or the one of the daemon that was killed
            }
        }
    }
}
