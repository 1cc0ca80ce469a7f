using ShimStack.Ctl.Output;
using ShimStack.Native.Terminals;

namespace ShimStack.Ctl.Streams;

/// <summary>Our input and output, joined to those of a process in a container.</summary>
internal sealed class ClientStreams : IDisposable
{
    // What was written before the exit is there at once; after that, only a process outside the container can still hold a stream open, and for ever.
    private static readonly TimeSpan LongestQuiet = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    private readonly FifoEnd?[] _ends;
    private readonly OutputPump[] _outputs;
    private readonly bool _terminal;
    private RawTerminal? _raw;

    private ClientStreams(bool terminal, FifoEnd? input, FifoEnd output, FifoEnd? error)
    {
        _terminal = terminal;
        _ends = [input, output, error];
        Input = input is null ? null : new InputPump(input, terminal ? new DetachKeys() : null);
        _outputs = error is null ? [new OutputPump(output, Screen.Output)] : [new OutputPump(output, Screen.Output), new OutputPump(error, Screen.Error)];
    }

    /// <summary>null if the process takes none.</summary>
    public InputPump? Input { get; }

    public bool IsTerminal => _terminal;

    /// <summary>Of a process that is to be created: from now on nothing of its output is missed.</summary>
    public static ClientStreams Open(StdioFolder folder, bool terminal) =>
        new(terminal, FifoEnd.ToWrite(folder.Input), FifoEnd.ToRead(folder.Output), terminal ? null : FifoEnd.ToRead(folder.Error));

    /// <summary>Of a process that is there, and that nobody reads.</summary>
    public static ClientStreams OpenAgain(StdioFolder folder, bool terminal) => new(
        terminal, FifoEnd.TryToWriteAgain(folder.Input), FifoEnd.ToReadAgain(folder.Output), terminal ? null : FifoEnd.ToReadAgain(folder.Error));

    /// <summary>From now on keys are bytes for the process: before it runs, so that none is taken for one of ours.</summary>
    public void MakeRaw()
    {
        if (_terminal && Terminal.IsTerminal(Screen.Input))
        {
            _raw = new RawTerminal(Screen.Input);
        }
    }

    /// <summary>The shim has the other ends, and the process runs: what is typed is its own.</summary>
    public void Join()
    {
        LeaveOthers();
        Input?.Start();
    }

    /// <summary>After the exit: waits until all of the output is written.</summary>
    public async Task DrainAsync()
    {
        LeaveOthers();
        Task ends = Task.WhenAll(_outputs.Select(output => output.End));
        while (await Task.WhenAny(ends, Task.Delay(Look)) != ends && !_outputs.All(output => output.End.IsCompleted || output.Quiet > LongestQuiet))
        {
            // As long as we write, somebody reads.
        }
    }

    /// <summary>The terminal is as it was.</summary>
    public void Dispose()
    {
        _raw?.Dispose();
        foreach (FifoEnd? end in _ends)
        {
            end?.Dispose();
        }
    }

    private void LeaveOthers()
    {
        foreach (FifoEnd? end in _ends)
        {
            end?.LeaveOther();
        }
    }
}
