using System.Globalization;
using ShimStack.ShimDriver.Shims;

namespace ShimStack.Bench;

/// <summary>What the command line asks for.</summary>
internal sealed record BenchOptions
{
    internal const string Usage = """
        usage: ShimStack.Bench [--rounds N] [--footprint-rounds N] [--throughput-rounds N] [--throughput-mib N]
                               [--shim NAME=PATH]... [--output FILE]
          Without --shim: our shim from out/bin, if it is there, and the reference shim of the distribution.
          With several shims the last one is what the first is compared with.
        """;

    internal int Rounds { get; private init; } = 20;

    internal int FootprintRounds { get; private init; } = 5;

    internal int ThroughputRounds { get; private init; } = 5;

    /// <summary>Output of one container in the throughput phase.</summary>
    internal int ThroughputMebibytes { get; private init; } = 512;

    internal IReadOnlyList<ShimUnderTest> Shims { get; private init; } = [];

    internal string Output { get; private init; } = "out/bench/bench.json";

    /// <summary>Reads the arguments. Throws <see cref="FormatException"/> for what it does not know.</summary>
    internal static BenchOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new BenchOptions();
        for (int i = 0; i < arguments.Count; i += 2)
        {
            string value = i + 1 < arguments.Count ? arguments[i + 1] : throw new FormatException($"{arguments[i]} needs a value");
            options = arguments[i] switch
            {
                "--rounds" => options with { Rounds = Count(value) },
                "--footprint-rounds" => options with { FootprintRounds = Count(value) },
                "--throughput-rounds" => options with { ThroughputRounds = Count(value) },
                "--throughput-mib" => options with { ThroughputMebibytes = Count(value) },
                "--shim" => options with { Shims = [.. options.Shims, Shim(value)] },
                "--output" => options with { Output = value },
                _ => throw new FormatException($"unknown option {arguments[i]}"),
            };
        }

        return options.Shims.Count > 0 ? options : options with { Shims = DefaultShims() };
    }

    private static ShimUnderTest[] DefaultShims() =>
        [.. new[] { ShimUnderTest.Ours, ShimUnderTest.Reference }.OfType<ShimUnderTest>()];

    private static ShimUnderTest Shim(string value) => value.Split('=', 2) is [string name, string path] && File.Exists(path)
        ? new ShimUnderTest(name, Path.GetFullPath(path))
        : throw new FormatException($"'{value}' is not NAME=PATH of a file");

    private static int Count(string value) =>
        int.TryParse(value, CultureInfo.InvariantCulture, out int count) && count >= 0 ? count : throw new FormatException($"'{value}' is not a number");
}
