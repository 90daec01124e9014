// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Diagnostics;
using ClusterManager.Manager.Engine;
using ClusterManager.Model;
using ClusterManager.Wire;
using Google.Protobuf;
using Grpc.Core;
using V1 = ClusterManager.Wire.V1;
using Kind = ClusterManager.Wire.V1.ErrorDetail.Types.Kind;

namespace ClusterManager.Manager.Api;

/// <summary>Domain errors to gRPC statuses, by one fixed table, with the machine-readable part in a trailer.</summary>
internal static class ApiErrors
{
    public static RpcException Invalid(ImmutableArray<FieldError> errors)
    {
        var text = errors.Length == 1 ? errors[0].ToString() : $"{errors.Length} fields are not valid";
        var detail = new V1.ErrorDetail { Kind = Kind.Invalid, Text = text };
        detail.Fields.AddRange(
            errors.Select(error => new V1.FieldError { Field = error.Field, Value = error.Value, Allowed = error.Allowed }));
        return Of(detail);
    }

    public static RpcException Invalid(string field, string value, string allowed) => Invalid([new FieldError(field, value, allowed)]);

    public static RpcException NotFound(string text, IEnumerable<string> candidates)
    {
        var detail = new V1.ErrorDetail { Kind = Kind.NotFound, Text = text };
        detail.Candidates.AddRange(candidates);
        return Of(detail);
    }

    public static RpcException NotPermitted(string text) => Of(new V1.ErrorDetail { Kind = Kind.NotPermitted, Text = text });

    public static RpcException Unavailable(string text) => Of(new V1.ErrorDetail { Kind = Kind.Unavailable, Text = text });

    public static RpcException Of(MutationResult.Refused refused)
    {
        var detail = new V1.ErrorDetail
        {
            Text = refused.Text,
            Kind = refused.Kind switch
            {
                RefusalKind.Invalid => Kind.Invalid,
                RefusalKind.NotFound => Kind.NotFound,
                RefusalKind.Conflict => Kind.Conflict,
                RefusalKind.NotPermitted => Kind.NotPermitted,
                _ => throw new UnreachableException($"no error for {refused.Kind}"),
            },
        };
        detail.Candidates.AddRange(refused.Candidates);
        return Of(detail);
    }

    public static RpcException Of(TermEndedException ended) => Of(new V1.ErrorDetail
    {
        Kind = ended.OutcomeKnown ? Kind.Unavailable : Kind.UnknownOutcome, Text = ended.Message,
    });

    public static RpcException UnknownOutcome(string text) => Of(new V1.ErrorDetail { Kind = Kind.UnknownOutcome, Text = text });

    public static RpcException Of(MailboxFullException full) => Of(new V1.ErrorDetail { Kind = Kind.Overloaded, Text = full.Message });

    private static RpcException Of(V1.ErrorDetail detail)
    {
        var code = detail.Kind switch
        {
            Kind.Invalid => StatusCode.InvalidArgument,
            Kind.NotFound => StatusCode.NotFound,
            Kind.Conflict => StatusCode.FailedPrecondition,
            Kind.NotPermitted => StatusCode.PermissionDenied,
            Kind.Unavailable => StatusCode.Unavailable,
            Kind.UnknownOutcome => StatusCode.Aborted,
            Kind.Overloaded => StatusCode.ResourceExhausted,
            _ => StatusCode.Internal,
        };
        return new RpcException(new Status(code, detail.Text), new Metadata { { ErrorTrailer.Name, detail.ToByteArray() } });
    }
}
