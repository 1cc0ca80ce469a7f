using System.Globalization;
using ShimStack.ShimDriver.Shims;

namespace ShimStack.Bench;

/// <summary>What the command line asks for.</summary>
internal sealed record BenchOptions
{
    internal const string Usage = """
        usage: bench [--quick] [--only PHASE,...] [--containers N] [--kills N] [--record] [--ours PATH] [--shim NAME=PATH]... [--output FOLDER]
               bench scale [N] [--record] [--output FOLDER]
          --quick   few rounds: to see that it works, not to quote
          --only    some of life, footprint, execs, pod, fleet, throughput, lines, echo, run, load, supervisor (or its parts start, runs, recovery), events
          --containers, --kills
                    how many containers there are when the daemon is killed, and how often it is
          --record  writes docs/performance.md and its chart, or docs/scale.md
          --ours    another binary in the place of out/bin's
          --shim    one more shim in the same run, for which there is no target
        """;

    /// <summary>All that is measured of the daemon alone.</summary>
    internal const string Supervisor = "supervisor";

    /// <summary>The parts of that.</summary>
    internal const string Start = "start", Runs = "runs", Recovery = "recovery";

    private static readonly string[] Phases =
        ["life", "footprint", "execs", "pod", "fleet", "throughput", "lines", "echo", "run", "load", Supervisor, Start, Runs, Recovery, "events"];

    internal bool Quick { get; private init; }

    /// <summary>Empty: all.</summary>
    internal IReadOnlyList<string> Only { get; private init; } = [];

    internal bool Record { get; private init; }

    internal string? Ours { get; private init; }

    internal IReadOnlyList<ShimUnderTest> FurtherShims { get; private init; } = [];

    internal string Output { get; private init; } = "out/bench";

    /// <summary>How many containers there are when a daemon is killed; null for as many as usual.</summary>
    internal int? Containers { get; private init; }

    /// <summary>How often a daemon with containers is killed.</summary>
    internal int Kills { get; private init; } = 3;

    /// <summary>How many containers there are to be at once; 0 for the other measurements.</summary>
    internal int Scale { get; private init; }

    /// <summary>Reads the arguments. Throws <see cref="FormatException"/> for what it does not know.</summary>
    internal static BenchOptions Parse(IReadOnlyList<string> arguments)
    {
        var left = new Queue<string>(arguments);
        var options = new BenchOptions();
        while (left.TryDequeue(out string? argument))
        {
            options = argument switch
            {
                "--quick" => options with { Quick = true },
                "--only" => options with { Only = [.. Value().Split(',').Select(Phase)] },
                "--containers" => options with { Containers = Count(Value()) },
                "--kills" => options with { Kills = Count(Value()) },
                "--record" => options with { Record = true },
                "--ours" => options with { Ours = Existing(Value()) },
                "--shim" => options with { FurtherShims = [.. options.FurtherShims, Shim(Value())] },
                "--output" => options with { Output = Value() },
                "scale" => options with { Scale = left.TryPeek(out string? next) && !next.StartsWith('-') ? Count(left.Dequeue()) : 500 },
                _ => throw new FormatException($"unknown argument {argument}"),
            };

            string Value() => left.TryDequeue(out string? value) ? value : throw new FormatException($"{argument} needs a value");
        }

        return options switch
        {
            { Record: true, Quick: true } => throw new FormatException("what --quick measures is not worth recording"),
            { Record: true, Containers: not null } => throw new FormatException("what is recorded is of as many containers as usual"),
            _ => options,
        };
    }

    /// <summary>Whether a phase is wanted.</summary>
    internal bool Wants(string phase) => Only.Count == 0 || Only.Contains(phase);

    /// <summary>Whether a part of <see cref="Supervisor"/> is wanted.</summary>
    internal bool WantsOfSupervisor(string part) => Wants(Supervisor) || Wants(part);

    private static string Phase(string value) => Phases.Contains(value) ? value : throw new FormatException($"there is no phase {value}");

    private static ShimUnderTest Shim(string value) => value.Split('=', 2) is [string name, string path]
        ? new ShimUnderTest(name, Existing(path))
        : throw new FormatException($"'{value}' is not NAME=PATH");

    private static string Existing(string path) =>
        File.Exists(path) ? Path.GetFullPath(path) : throw new FormatException($"there is no file {path}");

    private static int Count(string value) =>
        int.TryParse(value, CultureInfo.InvariantCulture, out int count) && count > 0
            ? count
            : throw new FormatException($"'{value}' is not a number");
}
