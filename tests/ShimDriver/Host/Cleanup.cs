namespace ShimStack.ShimDriver.Host;

/// <summary>Steps that are all tried, whatever happened to the ones before.</summary>
public sealed class Cleanup
{
    private readonly List<Exception> _failures = [];

    /// <summary>Runs a step and keeps its failure for the end.</summary>
    public Task TryAsync(string what, Action step) => TryAsync(what, () =>
    {
        step();
        return Task.CompletedTask;
    });

    /// <summary>Runs a step and keeps its failure for the end.</summary>
    public async Task TryAsync(string what, Func<Task> step)
    {
        try
        {
            await step();
        }
        catch (Exception e)
        {
            _failures.Add(new InvalidOperationException($"{what}: {e.Message}", e));
        }
    }

    /// <summary>Throws one exception for all failures.</summary>
    public void ThrowIfAnythingFailed()
    {
        if (_failures.Count > 0)
        {
            throw new AggregateException("something was left behind", _failures);
        }
    }
}
