# Means of groups with their joint covariance by R survey 4.1: Rscript ratios.R, in this folder.
suppressMessages(library(survey))
set.seed(7)
n <- 400
d <- data.frame(h=rep(1:4,each=100), c=rep(1:40,each=10), g=sample(c("a","b","c"),n,TRUE), w=round(runif(n,.5,2),3), y=sample(1:5,n,TRUE), fpc=rep(c(20,40,25,50),each=100))
d$y[sample(n,15)] <- NA
write.csv(d,"ratios_data.csv",row.names=FALSE,na="")
out <- function(des,name){ b <- svyby(~y,~g,subset(des,!is.na(y)),svymean,covmat=TRUE); v<-vcov(b)
 data.frame(design=name, i=rep(1:3,3), j=rep(1:3,each=3), value=rep(coef(b),3), cov=as.vector(v)) }
r <- rbind(out(svydesign(~1,weights=~w,data=d),"weights"), out(svydesign(~c,weights=~w,data=d),"cluster"), out(svydesign(~c,strata=~h,weights=~w,data=d),"strata"), out(svydesign(~c,strata=~h,weights=~w,fpc=~fpc,data=d),"fpc"))
r$value <- sprintf("%.15g",r$value); r$cov <- sprintf("%.15g",r$cov)
write.csv(r,"ratios.csv",row.names=FALSE,quote=FALSE)
