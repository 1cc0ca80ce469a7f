using System.Globalization;
using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Mounts;
using ShimStack.Shim.Settings;

namespace ShimStack.Shim.Stdio.Spooling;

/// <summary>
/// How much output may be kept on this machine, and where. The shims of a machine share it by places: as many lock files as spools fit, of which
/// each spool holds one. The kernel gives the lock back when its shim ends, however that happens.
/// </summary>
internal sealed class SpoolRoom(ShimSettings settings, string placesFolder = SpoolRoom.PlacesFolder)
{
    private const string PlacesFolder = "/run/shimstack/spool";
    private const int OwnerOnly = 0b110_000_000;
    private const int OwnerOnlyFolder = 0b111_000_000;
    private const long TmpfsMagic = 0x01021994; // statfs(2)
    private const long RamfsMagic = 0x858458f6;

    /// <summary>No room at all.</summary>
    public static SpoolRoom None { get; } = new(new ShimSettings { SpoolBytes = 0 });

    /// <summary>Another shim may take over what is kept.</summary>
    public bool OutlivesShim { get; init; }

    /// <summary>Whether output is kept.</summary>
    public bool IsOn => settings.SpoolBytes > 0;

    public TimeSpan After => settings.SpoolAfter;

    public bool DropsOldest => settings.SpoolDropsOldest;

    /// <summary>A new spool, whose file is in <paramref name="work"/> and has no name there: it goes away with its descriptor.</summary>
    /// <exception cref="SyscallException">The file cannot be made.</exception>
    /// <exception cref="IOException">There is no place on disk, or all places are taken.</exception>
    public SpoolFile Open(string work)
    {
        if (!IsOn)
        {
            throw new IOException("spools are switched off");
        }

        if (Files.TryStatus(work) is not { Type: FileType.Directory })
        {
            throw new IOException($"there is no folder {work}");
        }

        if (FileSystem.TypeOf(work) is TmpfsMagic or RamfsMagic)
        {
            throw new IOException($"{work} is in memory");
        }

        FileDescriptor place = TakePlace() ?? throw new IOException($"the {settings.SpoolNodeBytes} bytes for all containers of the machine are taken");
        try
        {
            string path = Path.Join(work, $"spool-{Guid.NewGuid():N}");
            FileDescriptor file = Files.Open(path, OpenFlags.O_RDWR | OpenFlags.O_CREAT | OpenFlags.O_EXCL, OwnerOnly);
            Files.TryUnlink(path);
            return new SpoolFile(file, place, settings.SpoolBytes, OutlivesShim);
        }
        catch (SyscallException)
        {
            place.Dispose();
            throw;
        }
    }

    private FileDescriptor? TakePlace()
    {
        MakePlacesFolder();
        long places = settings.SpoolNodeBytes / settings.SpoolBytes;
        for (long number = 0; number < places; number++)
        {
            string path = string.Create(CultureInfo.InvariantCulture, $"{placesFolder}/{number}");
            FileDescriptor place = Files.Open(path, OpenFlags.O_RDWR | OpenFlags.O_CREAT, OwnerOnly);
            if (Files.TryLock(place))
            {
                return place;
            }

            place.Dispose();
        }

        return null;
    }

    private void MakePlacesFolder()
    {
        foreach (string folder in (string[])[Path.GetDirectoryName(placesFolder)!, placesFolder])
        {
            try
            {
                Files.MakeDirectory(folder, OwnerOnlyFolder);
            }
            catch (SyscallException e) when (e.Errno == Errno.EEXIST)
            {
                // Of this shim or of another.
            }
        }
    }
}
