using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using ShimStack.Api.HandOver;
using ShimStack.Api.Upgrades;
using ShimStack.Native.Processes;
using ShimStack.Supervisor.Configuration;
using RpcCode = ShimStack.Ttrpc.RpcCode;
using RpcException = ShimStack.Ttrpc.RpcException;

namespace ShimStack.Supervisor.Upgrade;

/// <summary>shimstack.upgrades.v1.Upgrades: who may connect may have us replaced by any build of root's, or of our own user's.</summary>
internal sealed class UpgradesService(Succession succession, StateCheck check, SupervisorSettings settings, ILogger<UpgradesService> logger) : Upgrades.UpgradesBase
{
    private static readonly TimeSpan DefaultLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MaxLimit = TimeSpan.FromMinutes(5);

    private int _isBusy;

    public override async Task<BeginResponse> Begin(BeginRequest request, ServerCallContext context)
    {
        TimeSpan limit = LimitOf(request);
        if (Interlocked.Exchange(ref _isBusy, 1) != 0)
        {
            throw new RpcException(RpcCode.FailedPrecondition, "another upgrade is on its way: ask again when it is over");
        }

        BuildFile? build = null;
        try
        {
            build = BuildFile.Open(request.Path.Length > 0 ? request.Path : succession.Own.Installed, "shimstackd");
            string version = await check.RequireAsync(build, context.CancellationToken);
            Letter letter = new()
            {
                Upgrade = Guid.NewGuid().ToString("D"),
                From = succession.Running,
                To = new Build { Version = version, Path = build.Path },
                Settings = ConfigurationText.Of(settings),
                Limit = limit.Ticks * TimeSpan.NanosecondsPerTick,
            };
            succession.Accept(new Successor(build, letter));
            logger.LetsGo(letter.From.Version, version, build.Path);
            return new BeginResponse { Id = letter.Upgrade, From = letter.From, To = letter.To, Pid = (uint)CurrentProcess.Id };
        }
        catch (Exception e)
        {
            build?.Dispose();
            Volatile.Write(ref _isBusy, 0);
            logger.UpgradeRefused(e.Message);
            throw e is UpgradeException or BuildFileException ? new RpcException(RpcCode.FailedPrecondition, e.Message, e) : e;
        }
    }

    public override Task<LastResponse> Last(LastRequest request, ServerCallContext context) => Task.FromResult(new LastResponse
    {
        Pid = (uint)CurrentProcess.Id,
        Build = succession.Running,
        Outcome = succession.Last,
    });

    private static TimeSpan LimitOf(BeginRequest request)
    {
        TimeSpan limit = request.Limit is Duration asked ? asked.ToTimeSpan() : DefaultLimit;
        return limit > TimeSpan.Zero && limit <= MaxLimit
            ? limit
            : throw RpcException.InvalidArgument($"a build cannot have {limit.TotalSeconds} s to serve: it is more than 0 s, and {MaxLimit.TotalSeconds} s at most");
    }
}
