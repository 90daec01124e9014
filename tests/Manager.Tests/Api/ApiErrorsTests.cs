// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Api;
using ClusterManager.Manager.Engine;
using ClusterManager.Model;
using ClusterManager.Wire;
using Grpc.Core;
using V1 = ClusterManager.Wire.V1;
using Kind = ClusterManager.Wire.V1.ErrorDetail.Types.Kind;

namespace ClusterManager.Manager.Tests.Api;

/// <summary>Each domain error has one status and one machine-readable kind.</summary>
public sealed class ApiErrorsTests
{
    [Theory]
    [InlineData(RefusalKind.Invalid, StatusCode.InvalidArgument, Kind.Invalid)]
    [InlineData(RefusalKind.NotFound, StatusCode.NotFound, Kind.NotFound)]
    [InlineData(RefusalKind.Conflict, StatusCode.FailedPrecondition, Kind.Conflict)]
    [InlineData(RefusalKind.NotPermitted, StatusCode.PermissionDenied, Kind.NotPermitted)]
    internal void A_refusal_keeps_its_text_and_candidates(RefusalKind refusal, StatusCode code, Kind kind)
    {
        var detail = Check(ApiErrors.Of(new MutationResult.Refused(refusal, "no such thing", ["web", "wed"])), code, kind);
        Assert.Equal("no such thing", detail.Text);
        Assert.Equal(["web", "wed"], detail.Candidates);
    }

    [Fact]
    public void Every_kind_of_refusal_has_an_error()
    {
        foreach (var kind in Enum.GetValues<RefusalKind>()) ApiErrors.Of(new MutationResult.Refused(kind, "x", []));
    }

    [Fact]
    public void The_end_of_a_term_says_whether_anything_was_changed()
    {
        Check(ApiErrors.Of(new TermEndedException(outcomeKnown: true)), StatusCode.Unavailable, Kind.Unavailable);
        Check(ApiErrors.Of(new TermEndedException(outcomeKnown: false)), StatusCode.Aborted, Kind.UnknownOutcome);
    }

    [Fact]
    public void Too_much_to_do_is_resource_exhausted() =>
        Check(ApiErrors.Of(new MailboxFullException()), StatusCode.ResourceExhausted, Kind.Overloaded);

    [Fact]
    public void Invalid_input_names_every_field()
    {
        var detail = Check(
            ApiErrors.Invalid([new FieldError("a", "1", "2"), new FieldError("b", "3", "4")]), StatusCode.InvalidArgument, Kind.Invalid);
        Assert.Equal(["a", "b"], detail.Fields.Select(field => field.Field));
        Assert.Equal("2 fields are not valid", detail.Text);
        Assert.Equal("a '1': 2", Check(ApiErrors.Invalid("a", "1", "2"), StatusCode.InvalidArgument, Kind.Invalid).Text);
    }

    private static V1.ErrorDetail Check(RpcException error, StatusCode code, Kind kind)
    {
        Assert.Equal(code, error.StatusCode);
        var entry = Assert.Single(error.Trailers, one => one.Key == ErrorTrailer.Name);
        var detail = V1.ErrorDetail.Parser.ParseFrom(entry.ValueBytes);
        Assert.Equal(kind, detail.Kind);
        Assert.Equal(error.Status.Detail, detail.Text);
        return detail;
    }
}
