using ShimStack.ShimDriver.Host;

namespace ShimStack.ShimDriver.Stdio;

/// <summary>The FIFOs of one process and the readers of its output. Paths are empty for streams which the process does not get.</summary>
public sealed class ContainerStdio : IDisposable
{
    private int _stdinWriter = -1;

    private ContainerStdio(string stdin, string stdout, string stderr, bool keepsText, bool readsOutput = true, bool readsErrors = true)
    {
        (Stdin, Stdout, Stderr) = (stdin, stdout, stderr);
        Output = readsOutput && stdout.Length > 0 ? new FifoReader(stdout, keepsText) : null;
        Errors = readsErrors && stderr.Length > 0 ? new FifoReader(stderr, keepsText) : null;
    }

    public string Stdin { get; }

    public string Stdout { get; }

    public string Stderr { get; }

    /// <summary>Readers of standard output and standard error; null where the process has none.</summary>
    public FifoReader? Output { get; }

    public FifoReader? Errors { get; }

    /// <summary>No streams at all: the process gets /dev/null.</summary>
    public static ContainerStdio None() => new("", "", "", keepsText: false);

    /// <summary>Both output streams go where a URI says; nobody reads them here.</summary>
    public static ContainerStdio To(string uri) => new("", uri, uri, keepsText: false, readsOutput: false, readsErrors: false);

    /// <summary>Makes FIFOs in a new directory and starts to read the output ones.</summary>
    /// <param name="directory">Is created; a short path, for FIFOs are also told to humans.</param>
    /// <param name="withStdin">Whether the process gets an input.</param>
    /// <param name="keepsText">False: output is only counted.</param>
    /// <param name="readsOutput">False: somebody else reads the standard output.</param>
    public static ContainerStdio Make(string directory, bool withStdin = false, bool keepsText = true, bool readsOutput = true)
    {
        Directory.CreateDirectory(directory);
        string stdin = withStdin ? Fifo.Make(Path.Combine(directory, "stdin")) : "";
        string stdout = Fifo.Make(Path.Combine(directory, "stdout"));
        return new ContainerStdio(stdin, stdout, Fifo.Make(Path.Combine(directory, "stderr")), keepsText, readsOutput);
    }

    /// <summary>Opens the client's end of the input (the shim must have opened its own) and writes the bytes.</summary>
    public unsafe void WriteInput(ReadOnlySpan<byte> data)
    {
        if (_stdinWriter < 0)
        {
            _stdinWriter = LibC.Check(LibC.Open(Stdin, LibC.O_WRONLY | LibC.O_CLOEXEC), $"open {Stdin}");
        }

        while (!data.IsEmpty)
        {
            fixed (byte* start = data)
            {
                data = data[LibC.Check((int)LibC.Write(_stdinWriter, start, data.Length), $"write {Stdin}")..];
            }
        }
    }

    /// <summary>Closes the client's end of the input; the end of file needs CloseIO as well.</summary>
    public void CloseInput()
    {
        if (_stdinWriter >= 0)
        {
            _ = LibC.Close(_stdinWriter);
            _stdinWriter = -1;
        }
    }

    public void Dispose()
    {
        CloseInput();
        Output?.Dispose();
        Errors?.Dispose();
    }
}
