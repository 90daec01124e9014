// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Cli.Output;
using ClusterManager.Wire;
using Google.Protobuf;
using Grpc.Core;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Contexts;

/// <summary>What a failed call means to the caller: the one table from gRPC's statuses and the server's error details to exit
/// codes.</summary>
/// <param name="Error">What the user sees if it is final.</param>
/// <param name="IsRetryable">Another manager, or the same one later, may answer otherwise.</param>
/// <param name="NeverConnected">The request did not leave this machine.</param>
/// <param name="MayHaveArrived">The request may have been carried out.</param>
internal sealed record CallFailure(CliException Error, bool IsRetryable, bool NeverConnected, bool MayHaveArrived)
{
    /// <summary>Judges a failed call.</summary>
    public static CallFailure Of(RpcException exception)
    {
        var detail = Detail(exception);
        if (detail is not null) return OfDetail(detail);
        var neverConnected = UnsentCall.Is(exception.Status.DebugException);
        var text = exception.Status.Detail;
        return exception.StatusCode switch
        {
            StatusCode.Unavailable => Make(ExitCode.NoManager, neverConnected ? Connecting(exception) : $"the manager went away: {text}",
            true, neverConnected),
            StatusCode.DeadlineExceeded => Make(ExitCode.NoManager, "the manager did not answer in time", true, false),
            StatusCode.Cancelled => Make(ExitCode.NoManager, "the manager ended the call", true, false),
            StatusCode.InvalidArgument or StatusCode.OutOfRange => Answer(ExitCode.BadInput, text),
            StatusCode.NotFound => Answer(ExitCode.NotFound, text),
            StatusCode.AlreadyExists or StatusCode.Aborted or StatusCode.FailedPrecondition => Answer(ExitCode.Conflict, text),
            StatusCode.PermissionDenied or StatusCode.Unauthenticated => Answer(ExitCode.NotPermitted, text),
            StatusCode.ResourceExhausted => new CallFailure(new CliException(ExitCode.NoManager, $"the manager is overloaded: {text}"),
            true, false, false),
            StatusCode.Unimplemented => Answer(ExitCode.Failed, "the manager does not know this call: it is of another version"),
            _ => Answer(ExitCode.Failed, $"the manager failed: {text}"),
        };
    }

    /// <summary>The server's own code as an exit code.</summary>
    public static ExitCode CodeOf(V1.ErrorDetail.Types.Kind kind) => kind switch
    {
        V1.ErrorDetail.Types.Kind.Invalid => ExitCode.BadInput,
        V1.ErrorDetail.Types.Kind.NotFound => ExitCode.NotFound,
        V1.ErrorDetail.Types.Kind.Conflict => ExitCode.Conflict,
        V1.ErrorDetail.Types.Kind.NotPermitted => ExitCode.NotPermitted,
        V1.ErrorDetail.Types.Kind.Unavailable or V1.ErrorDetail.Types.Kind.Overloaded => ExitCode.NoManager,
        V1.ErrorDetail.Types.Kind.UnknownOutcome => ExitCode.OutcomeUnknown,
        _ => ExitCode.Failed,
    };

    private static CallFailure OfDetail(V1.ErrorDetail detail)
    {
        var hint = detail.Candidates.Count > 0 ? $"; did you mean {string.Join(" or ", detail.Candidates.Select(c => $"'{c}'"))}?" : "";
        var error = new CliException(CodeOf(detail.Kind), detail.Text + hint)
        {
            Details = [.. detail.Fields.Select(f => $"{f.Field}: '{f.Value}' is not allowed: {f.Allowed}")],
        };
        var isRetryable = detail.Kind is V1.ErrorDetail.Types.Kind.Unavailable or V1.ErrorDetail.Types.Kind.Overloaded
            or V1.ErrorDetail.Types.Kind.UnknownOutcome;
        return new CallFailure(error, isRetryable, false, detail.Kind == V1.ErrorDetail.Types.Kind.UnknownOutcome);
    }

    private static CallFailure Make(ExitCode code, string text, bool isRetryable, bool neverConnected) =>
        new(new CliException(code, text), isRetryable, neverConnected, !neverConnected);

    private static CallFailure Answer(ExitCode code, string text) => new(new CliException(code, text), false, false, false);

    /// <summary>The machine-readable part of an error; null: there is none that can be read.</summary>
    public static V1.ErrorDetail? Detail(RpcException exception)
    {
        try
        {
            return exception.Trailers.GetValueBytes(ErrorTrailer.Name) is { } bytes ? V1.ErrorDetail.Parser.ParseFrom(bytes) : null;
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private static string Connecting(RpcException exception)
    {
        for (var e = exception.Status.DebugException; e is not null; e = e.InnerException)
            if (e is System.Security.Authentication.AuthenticationException)
                return "TLS with it fails: it is no manager of this cluster, or it refused our certificate";
            else if (e is System.Net.Sockets.SocketException socket)
                return socket.Message;
        return "it does not answer";
    }
}
