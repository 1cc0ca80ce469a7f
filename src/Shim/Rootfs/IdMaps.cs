using System.Globalization;
using ShimStack.Native;
using ShimStack.Native.Mounts;

namespace ShimStack.Shim.Rootfs;

/// <summary>The maps of an idmapped mount, <c>container:host:count[,…]</c>. See mount_setattr(2).</summary>
internal static class IdMaps
{
    /// <summary>A user namespace with the maps of a mount, alive as long as the descriptor.</summary>
    /// <exception cref="MountException">A map cannot be read.</exception>
    public static FileDescriptor OpenNamespace(MountOptions options) =>
        IdmappedMounts.CreateUserNamespace(Parse("uidmap", options.UidMap), Parse("gidmap", options.GidMap));

    /// <summary>The maps in a text.</summary>
    /// <param name="option">What the text is the value of, for the message.</param>
    /// <param name="text">The maps.</param>
    /// <exception cref="MountException">The text is something else.</exception>
    public static IReadOnlyList<IdMapping> Parse(string option, string text)
    {
        var maps = new List<IdMapping>();
        foreach (string map in text.Split(','))
        {
            maps.Add(TryParse(map) ?? throw new MountException($"{option}: \"{map}\" is not container:host:count"));
        }
        return maps;
    }

    private static IdMapping? TryParse(string map) =>
        map.Split(':') is [string inside, string outside, string count]
        && TryNumber(inside, out uint insideId)
        && TryNumber(outside, out uint outsideId)
        && TryNumber(count, out uint length)
            ? new IdMapping(insideId, outsideId, length)
            : null;

    private static bool TryNumber(string text, out uint number) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
