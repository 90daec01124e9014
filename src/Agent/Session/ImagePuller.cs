// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Allocations;
using ClusterManager.Agent.Docker;
using ClusterManager.Agent.Telemetry;
using ClusterManager.Wire.V1;
using State = ClusterManager.Wire.V1.ImagePulled.Types.State;

namespace ClusterManager.Agent.Session;

/// <summary>
/// Has images on the node before a rollout begins, as one session's manager asks: looks, pulls where it may, tells how far it is, and says
/// how it ended. A registry that does not answer is tried a few times; an engine that does not answer is waited for.
/// </summary>
/// <param name="runners">The engine, the clock, and the places for pulls.</param>
/// <param name="post">Carries the answers.</param>
internal sealed class ImagePuller(RunnerContext runners, Func<AgentMessage, CancellationToken, Task> post)
{
    /// <summary>Requests at once; more are left to the start of their containers.</summary>
    public const int RequestsMax = 64;

    private const int Attempts = 3;
    private static readonly TimeSpan TellInterval = TimeSpan.FromSeconds(2);
    private readonly Lock _lock = new();
    private readonly Dictionary<long, CancellationTokenSource> _running = [];

    /// <summary>Requests that have not ended.</summary>
    public int RunningCount
    {
        get
        {
            lock (_lock) return _running.Count;
        }
    }

    /// <summary>Answers one request to its end, unless it is cancelled.</summary>
    public async Task RunAsync(PullImage request, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        lock (_lock)
        {
            if (_running.TryGetValue(request.Request, out var before)) before.Cancel();
            _running[request.Request] = stop;
        }

        try
        {
            var answer = await AnswerAsync(request, stop.Token);
            await post(new AgentMessage { ImagePulled = answer }, stop.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && stop.IsCancellationRequested)
        {
            // Nobody waits for it any more.
        }
        finally
        {
            lock (_lock)
            {
                if (_running.GetValueOrDefault(request.Request) == stop) _running.Remove(request.Request);
            }
        }
    }

    /// <summary>Says that this one is left to the start of its containers.</summary>
    public Task DeclineAsync(PullImage request, CancellationToken cancellationToken) =>
        post(new AgentMessage { ImagePulled = Answer(request, State.Skipped) }, cancellationToken);

    /// <summary>Ends a request; one that is unknown has ended already.</summary>
    public void Cancel(long request)
    {
        lock (_lock)
        {
            if (_running.TryGetValue(request, out var stop)) stop.Cancel();
        }
    }

    private async Task<ImagePulled> AnswerAsync(PullImage request, CancellationToken cancellationToken)
    {
        for (var failures = 0; ;)
        {
            try
            {
                runners.Images.Use(request.Image, runners.Clock.Provider.GetUtcNow());
                if (await HasAsync(request.Image, cancellationToken)) return Answer(request, State.Present);
                if (!request.Pull) return Answer(request, State.Absent);
                await PullAsync(request, cancellationToken);
                return Answer(request, State.Present);
            }
            catch (DockerException error)
            {
                if (!IsEngineGone(error)) failures++;
                var isDefinite = error.Kind is DockerErrorKind.ImageNotFound or DockerErrorKind.RegistryDenied;
                if (isDefinite || failures >= Attempts)
                {
                    var failed = Answer(request, State.Failed);
                    failed.Failure = FailureReasons.OfImage(request.Image, error).ToWire();
                    return failed;
                }
            }

            await Task.Delay(TimeSpan.FromSeconds(1 << failures), runners.Clock.Provider, cancellationToken);
        }
    }

    private async Task<bool> HasAsync(string image, CancellationToken cancellationToken)
    {
        try
        {
            await runners.Engine.InspectImageAsync(image, cancellationToken);
            return true;
        }
        catch (DockerException error) when (error.Kind is DockerErrorKind.ImageNotFound or DockerErrorKind.NotFound)
        {
            return false;
        }
    }

    private async Task PullAsync(PullImage request, CancellationToken cancellationToken)
    {
        await runners.PullsAhead.EnterAsync(cancellationToken);
        var began = runners.Clock.Now;
        var meter = new PullMeter();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var telling = TellAsync(request, meter, over.Token);
        var isDone = false;
        runners.Images.Begin(request.Image);
        try
        {
            // The engine checks what it brings against the digest in the reference, and the call looks at the image by it again.
            var auth = request.Auth?.Encoded ?? await runners.Credentials.FindAsync(request.Image, cancellationToken);
            await runners.Engine.PullImageAsync(request.Image, Allocations.RegistryAuth.Read(auth), meter, cancellationToken);
            isDone = true;
        }
        finally
        {
            over.Cancel();
            await telling;
            runners.Images.End(request.Image, isDone, runners.Clock.Provider.GetUtcNow());
            runners.PullsAhead.Leave();
            AgentMeter.Pulled(isDone, runners.Clock.Now - began);
        }
    }

    private async Task TellAsync(PullImage request, PullMeter meter, CancellationToken over)
    {
        long told = 0;
        try
        {
            while (true)
            {
                await Task.Delay(TellInterval, runners.Clock.Provider, over);
                if (meter.Value is var value && value == told) continue;
                told = value;
                var answer = Answer(request, State.Pulling);
                answer.Progress = value;
                await post(new AgentMessage { ImagePulled = answer }, over);
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The pull has ended.
        }
    }

    private static ImagePulled Answer(PullImage request, State state) => new() { Request = request.Request, State = state };

    private static bool IsEngineGone(DockerException error) =>
        error.Kind is DockerErrorKind.EngineUnavailable or DockerErrorKind.UnsupportedEngine;
}
