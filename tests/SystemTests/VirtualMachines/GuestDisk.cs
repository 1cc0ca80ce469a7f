using System.Formats.Tar;
using System.Text;
using ShimStack.SystemTests.Daemons;

namespace ShimStack.SystemTests.VirtualMachines;

/// <summary>
/// The disk that brings the shim under test and the checks into a virtual machine: a tar file, unpacked there by the machine's first program.
/// </summary>
internal static class GuestDisk
{
    private const string Folder = "opt/shimstack/";
    private const UnixFileMode Mode = (UnixFileMode)0b111_101_101;

    public static async Task WriteAsync(string path, string machine, CancellationToken cancellation)
    {
        await using TarWriter disk = new(File.Create(path), TarEntryFormat.Ustar);
        string programs = Path.Combine(AppContext.BaseDirectory, "guest");
        foreach (string file in Directory.EnumerateFiles(programs))
        {
            await AddAsync(disk, Path.GetFileName(file), File.OpenRead(file), cancellation);
        }

        string shimctl = Path.Combine(RuntimeUnderTest.OwnBinDirectory, "shimctl");
        if (File.Exists(shimctl))
        {
            await AddAsync(disk, "shimctl", File.OpenRead(shimctl), cancellation);
        }

        string names = $"machine={machine}\nshim={RuntimeUnderTest.Name}\n";
        await AddAsync(disk, "machine.sh", new MemoryStream(Encoding.UTF8.GetBytes(names)), cancellation);
        if (!RuntimeUnderTest.IsReference)
        {
            // Found by its own name, and before the reference by the reference's.
            string shim = RuntimeUnderTest.Binary(VirtualMachine.Line);
            await AddAsync(disk, "bin/" + Path.GetFileName(shim), File.OpenRead(shim), cancellation);
            UstarTarEntry link = new(TarEntryType.SymbolicLink, Folder + "bin/containerd-shim-runc-v2") { LinkName = Path.GetFileName(shim) };
            await disk.WriteEntryAsync(link, cancellation);
        }
    }

    private static async Task AddAsync(TarWriter disk, string name, Stream content, CancellationToken cancellation)
    {
        await using (content)
        {
            UstarTarEntry file = new(TarEntryType.RegularFile, Folder + name) { Mode = Mode, DataStream = content };
            await disk.WriteEntryAsync(file, cancellation);
        }
    }
}
