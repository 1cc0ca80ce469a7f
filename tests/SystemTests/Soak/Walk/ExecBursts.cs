using System.Globalization;
using ShimStack.SystemTests.Containers;
using ShimStack.SystemTests.Processes;
using ShimStack.SystemTests.Soak.Plan;

namespace ShimStack.SystemTests.Soak.Walk;

/// <summary>Many short execs of one container at once, as health checks are. Each has its own code.</summary>
internal sealed class ExecBursts(World world)
{
    private const int FirstCode = 3;

    private int _count;

    /// <param name="init">The container's.</param>
    /// <param name="size">How many.</param>
    /// <param name="meanwhile">Happens when all are started; some have ended by then.</param>
    public async Task RunAsync(ProcessModel init, int size, Func<Task> meanwhile)
    {
        Container container = world.Live(init).Container;
        string gate = Path.Combine(world.Stage.Rootfs, string.Create(CultureInfo.InvariantCulture, $"gate{++_count}"));
        Fifo.Make(gate);
        string[] execs = [.. Enumerable.Range(0, size).Select(n => string.Create(CultureInfo.InvariantCulture, $"burst{_count}-{n}"))];
        await Task.WhenAll(execs.Select((exec, n) => StartAsync(container, exec, n, Path.GetFileName(gate))));
        using (File.Open(gate, FileMode.Open, FileAccess.ReadWrite))
        {
            await meanwhile();
            uint[] codes = await Task.WhenAll(execs.Select(container.WaitAsync));
            Assert.Equal(Enumerable.Range(FirstCode, size).Select(static code => (uint)code), codes);
        }

        Assert.Equal(
            Enumerable.Range(FirstCode, size).Select(static code => (uint)code),
            await Task.WhenAll(execs.Select(container.DeleteExecAsync)));
        File.Delete(gate);
    }

    // Every second one waits for the gate: to open it for reading waits for a writer.
    private static async Task StartAsync(Container container, string exec, int number, string gate)
    {
        string wait = number % 2 == 0 ? "" : $": </{gate}; ";
        await container.AddExecAsync(exec, "/bin/sh", "-c", string.Create(CultureInfo.InvariantCulture, $"{wait}exit {number + FirstCode}"));
        await container.StartAsync(exec);
    }
}
