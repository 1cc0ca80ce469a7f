using ShimStack.Ctl.Kernel;

namespace ShimStack.Ctl.Tests.Kernel;

/// <summary>A folder that stands for the kernel's files of a machine.</summary>
internal sealed class KernelTree : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("ctl-kernel-").FullName;

    public KernelFiles Files => new(_root);

    public KernelTree With(string path, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_root + path)!);
        File.WriteAllText(_root + path, content);
        return this;
    }

    public KernelTree WithLink(string path, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_root + path)!);
        File.CreateSymbolicLink(_root + path, target);
        return this;
    }

    public KernelTree WithFolder(string path)
    {
        Directory.CreateDirectory(_root + path);
        return this;
    }

    /// <summary>A process of that command line.</summary>
    public KernelTree WithProcess(int pid, int parent, params string[] words) =>
        With($"/proc/{pid}/stat", $"{pid} (a) b) S {parent} 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 4242 0 0\n").With($"/proc/{pid}/cmdline", string.Join('\0', words) + '\0');

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
