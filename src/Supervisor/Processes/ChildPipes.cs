using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Processes;

namespace ShimStack.Supervisor.Processes;

/// <summary>The standard streams of a command: its input is a memory file, its output is collected until all writers have closed.</summary>
internal sealed class ChildPipes : IDisposable
{
    private readonly FileDescriptor _input;
    private readonly CollectedPipe _output;
    private readonly CollectedPipe _errors;

    private ChildPipes(FileDescriptor input, CollectedPipe output, CollectedPipe errors) => (_input, _output, _errors) = (input, output, errors);

    /// <summary>What the child has as 0, 1 and 2.</summary>
    public IReadOnlyList<SpawnDescriptor> ForChild => [new(_input, 0), new(_output.WriteEnd, 1), new(_errors.WriteEnd, 2)];

    /// <exception cref="SyscallException">No memory or no descriptors.</exception>
    public static ChildPipes Open(DescriptorLoop loop, ReadOnlySpan<byte> input)
    {
        FileDescriptor file = MemoryFile.Create("stdin", input);
        CollectedPipe? output = null;
        try
        {
            output = CollectedPipe.Open(loop);
            return new ChildPipes(file, output, CollectedPipe.Open(loop));
        }
        catch
        {
            file.Dispose();
            output?.Dispose();
            throw;
        }
    }

    /// <summary>The child has its own copies.</summary>
    public void CloseForChild()
    {
        _input.Dispose();
        _output.WriteEnd.Dispose();
        _errors.WriteEnd.Dispose();
    }

    /// <summary>Waits for the end of both, as containerd does: a shim whose server keeps them open holds up its own start.</summary>
    public async Task<(byte[] Output, byte[] Errors)> CollectAsync(CancellationToken cancellation) =>
        (await _output.Collected.WaitAsync(cancellation), await _errors.Collected.WaitAsync(cancellation));

    public void Dispose()
    {
        CloseForChild();
        _output.Dispose();
        _errors.Dispose();
    }
}
