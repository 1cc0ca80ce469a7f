using System.Collections.Concurrent;
using System.Diagnostics;
using Grpc.Core;
using ShimStack.SystemTests.Daemons;
using ShimStack.Wire.Tasks;
using Status = ShimStack.Wire.Tasks.Status;

namespace ShimStack.SystemTests.Supervisor;

/// <summary>Clients that call the daemon again and again: each either by a connection that it keeps, or by a new one for each call.</summary>
internal sealed class UpgradePollers(Stage stage) : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentBag<string> _failures = [];
    private readonly ConcurrentBag<double> _durations = [];
    private readonly List<Task> _running = [];

    public IReadOnlyCollection<string> Failures => _failures;

    public int Calls => _durations.Count;

    /// <summary>The longest that a call took, in milliseconds.</summary>
    public double Longest => _durations.Max();

    /// <summary>Begins; every list must have so many tasks.</summary>
    public void Begin(int clients, int tasks)
    {
        for (int i = 0; i < clients; i++)
        {
            bool keeps = i % 2 == 0;
            _running.Add(Task.Run(() => PollAsync(keeps, tasks)));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_running);
        _end.Dispose();
    }

    private async Task PollAsync(bool keeps, int tasks)
    {
        using DaemonClient kept = new(stage.Daemon.Address, stage.Namespace);
        while (!_end.IsCancellationRequested)
        {
            long began = Stopwatch.GetTimestamp();
            using DaemonClient? fresh = keeps ? null : new(stage.Daemon.Address, stage.Namespace);
            await CallAsync(fresh ?? kept, keeps ? "kept" : "new", tasks);
            _durations.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            await Task.Delay(Pause);
        }
    }

    private async Task CallAsync(DaemonClient client, string connection, int tasks)
    {
        try
        {
            ListTasksResponse list = await client.Tasks.ListAsync(new ListTasksRequest(), deadline: DateTime.UtcNow.AddSeconds(30));
            int running = list.Tasks.Count(task => task.Status == Status.Running);
            if (running != tasks)
            {
                _failures.Add($"{connection} connection: {running} of {list.Tasks.Count} tasks run");
            }
        }
        catch (RpcException e)
        {
            _failures.Add($"{connection} connection: {e.Status}");
        }
    }
}
