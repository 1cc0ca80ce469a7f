using System.Globalization;

namespace ShimStack.Shim.Cgroups;

/// <summary>A size of huge pages that this machine has, as cgroups spell it ("2MB"), and the names of its files.</summary>
internal sealed class HugePageSize
{
    private const string Folder = "/sys/kernel/mm/hugepages";
    private const string Prefix = "hugepages-";
    private const string Suffix = "kB";
    private static HugePageSize[]? _all;

    private HugePageSize(string name)
    {
        Name = name;
        Current = $"hugetlb.{name}.current";
        Max = $"hugetlb.{name}.max";
        Events = $"hugetlb.{name}.events";
        Usage = $"hugetlb.{name}.usage_in_bytes";
        MaxUsage = $"hugetlb.{name}.max_usage_in_bytes";
        Failures = $"hugetlb.{name}.failcnt";
    }

    /// <summary>The sizes, which are fixed at boot: looked for when first needed.</summary>
    public static IReadOnlyList<HugePageSize> All => _all ??= Find();

    public string Name { get; }

    public string Current { get; }

    public string Max { get; }

    public string Events { get; }

    public string Usage { get; }

    public string MaxUsage { get; }

    public string Failures { get; }

    /// <summary>"hugepages-2048kB" is "2MB"; null for a name of another form.</summary>
    public static string? NameOf(string folder)
    {
        if (!folder.StartsWith(Prefix, StringComparison.Ordinal) || !folder.EndsWith(Suffix, StringComparison.Ordinal)
            || !uint.TryParse(folder.AsSpan()[Prefix.Length..^Suffix.Length], CultureInfo.InvariantCulture, out uint kilobytes))
        {
            return null;
        }

        (uint number, string unit) = kilobytes switch
        {
            >= 1 << 20 => (kilobytes >> 20, "GB"),
            >= 1 << 10 => (kilobytes >> 10, "MB"),
            _ => (kilobytes, "KB"),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{number}{unit}");
    }

    private static HugePageSize[] Find()
    {
        if (!Directory.Exists(Folder))
        {
            return [];
        }

        List<HugePageSize> sizes = [];
        foreach (string path in Directory.EnumerateDirectories(Folder))
        {
            if (NameOf(Path.GetFileName(path)) is string name)
            {
                sizes.Add(new HugePageSize(name));
            }
        }

        return [.. sizes];
    }
}
