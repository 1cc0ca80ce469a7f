using ShimStack.Supervisor.Hosting;

namespace ShimStack.Supervisor.Recovery;

/// <summary>Composition of what finds tasks again.</summary>
internal static class RecoveryFeature
{
    public static IServiceCollection AddRecovery(this IServiceCollection services) => services
        .AddLogger<TaskRecovery>()
        .AddLogger<TaskScan>()
        .AddSingleton<RecoveryTime>()
        .AddSingleton<TaskScan>()
        .AddSingleton<ExitReconciliation>()
        .AddSingleton<TaskRecovery>();
}
