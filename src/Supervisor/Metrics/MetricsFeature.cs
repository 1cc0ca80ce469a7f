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
    /// <param name="services">Of the web framework.</param>
    /// <exception cref="StartupException">The address makes no sense, or is in use.</exception>
    public Task<MetricsPage?> StartPageAsync(IServiceProvider services) => MetricsPage.StartAsync(_around.Settings, services, _meter);

    public void Dispose() => _meter?.Dispose();
}
