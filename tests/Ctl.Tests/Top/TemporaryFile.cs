using ShimStack.Native;
using ShimStack.Native.Files;

namespace ShimStack.Ctl.Tests.Top;

/// <summary>A file that is written by its descriptor.</summary>
internal sealed class TemporaryFile : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public TemporaryFile() => Descriptor = Files.Open(_path, OpenFlags.O_WRONLY);

    public FileDescriptor Descriptor { get; }

    public string Text => File.ReadAllText(_path);

    public void Dispose()
    {
        Descriptor.Dispose();
        File.Delete(_path);
    }
}
