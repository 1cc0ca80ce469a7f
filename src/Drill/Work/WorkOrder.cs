using System.Globalization;

namespace ShimStack.Drill.Work;

/// <summary>What a worker is to do, see worker.c.</summary>
/// <param name="Name">Its name: 20 letters at most.</param>
/// <param name="Code">What it ends with when it is asked to, or by itself.</param>
public sealed record WorkOrder(string Name, int Code)
{
    private const int Errors = 1;
    private const int Forks = 2;

    /// <summary>How often it writes.</summary>
    public TimeSpan Beat { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>How long it lives; null until it is told.</summary>
    public TimeSpan? EndsAfter { get; init; }

    /// <summary>Lines at a time; 64 at most.</summary>
    public int Burst { get; init; } = 1;

    /// <summary>Has a child at each beat.</summary>
    public bool IsForking { get; init; }

    /// <summary>Its output goes to a file that the shim writes (file://); otherwise to FIFOs that the drill reads.</summary>
    public bool LogsToFile { get; init; }

    /// <summary>A program (binary://) writes that file.</summary>
    public bool HasLogger { get; init; }

    /// <summary>What is unusual about it, for plans.</summary>
    public string Text
    {
        get
        {
            string end = EndsAfter is TimeSpan time
                ? string.Create(CultureInfo.InvariantCulture, $" after {time.TotalMilliseconds:0} ms")
                : "";
            string lines = string.Create(CultureInfo.InvariantCulture,
                $"{Burst} line{(Burst == 1 ? "" : "s")} each {Beat.TotalMilliseconds:0} ms");
            return $"{Name}: {lines} to {(HasLogger ? "a logger" : LogsToFile ? "a file" : "FIFOs")}{(IsForking ? ", forks" : "")}, ends with {Code}{end}";
        }
    }

    /// <summary>The command line in the container.</summary>
    public IReadOnlyList<string> Arguments =>
    [
        "/worker", Name, Number(Code), Number((long)Beat.TotalMilliseconds), Number((long)(EndsAfter ?? TimeSpan.Zero).TotalMilliseconds),
        Number(Burst),
        Number((LogsToFile ? 0 : Errors) | (IsForking ? Forks : 0)),
    ];

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
