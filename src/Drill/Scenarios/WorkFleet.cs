using System.Globalization;
using ShimStack.Drill.Steps;
using ShimStack.Drill.Work;

namespace ShimStack.Drill.Scenarios;

/// <summary>The containers that there are all through a drill: writers to FIFOs and to files, quick ones, and ones that fork.</summary>
internal static class WorkFleet
{
    private const int Kinds = 4;
    private const int FirstCode = 10;
    private const int Codes = 100;

    public static IReadOnlyList<WorkOrder> Of(PlanSettings settings) => [.. Enumerable.Range(1, settings.Containers).Select(One)];

    /// <summary>The name of one of them, any number.</summary>
    public static string Name(PlanSettings settings, int number) => NameOf(1 + (number % settings.Containers));

    public static IReadOnlyList<IStep> Opening(PlanSettings settings) =>
        [settings.IsLive ? new MeetDaemon() : new StartDaemon(), .. Of(settings).Select(static order => new RunContainer(order))];

    private static WorkOrder One(int number) => (number % Kinds) switch
    {
        1 => new WorkOrder(NameOf(number), CodeOf(number)) { Burst = 4 },
        2 => new WorkOrder(NameOf(number), CodeOf(number)) { LogsToFile = true },
        3 => new WorkOrder(NameOf(number), CodeOf(number)) { IsForking = true, Beat = TimeSpan.FromMilliseconds(20) },
        _ => new WorkOrder(NameOf(number), CodeOf(number)) { LogsToFile = true, Burst = 16, Beat = TimeSpan.FromMilliseconds(25) },
    };

    private static int CodeOf(int number) => FirstCode + (number % Codes);

    private static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"w{number}");
}
