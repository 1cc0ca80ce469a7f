using ShimStack.Supervisor.Events;
using ShimStack.Supervisor.Hosting;
using ShimStack.Supervisor.Recovery;
using ShimStack.Supervisor.Tasks;

namespace ShimStack.Supervisor.Metrics;

/// <summary>What counts for <see cref="MetricsPage"/>; without an address for it there is nothing of it.</summary>
internal sealed class MetricsFeature : IDisposable
{
    private readonly DaemonSurroundings _around;
    private readonly DaemonMeter? _meter;

    public MetricsFeature(DaemonSurroundings around, EventsFeature events, TasksFeature tasks, RecoveryFeature recovery)
    {
        _around = around;
        if (around.Settings.MetricsAddress is not null)
        {
            _meter = new DaemonMeter(tasks.Table, events.Journal, tasks.Starts, recovery.Took);
            around.Api.Edge.Add(new CallMeter(_meter));
        }
    }

    /// <summary>Serves the page; null if nobody wants it.</summary>
    /// <param name="calls">Has what the web framework needs; waited for only if there is a page.</param>
    /// <exception cref="StartupException">The address makes no sense, or is in use.</exception>
    public async Task<MetricsPage?> StartPageAsync(Task<ApiCalls> calls)
    {
        if (_meter is null)
        {
            return null;
        }

        ApiCalls ready = await calls;
        return await MetricsPage.StartAsync(_around.Settings, ready.ServiceProvider, _meter);
    }

    public void Dispose() => _meter?.Dispose();
}
